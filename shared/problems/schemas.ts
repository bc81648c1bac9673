import * as z from "zod";
import { PROBLEMS, type ProblemCode, type WaitingCode } from "./problems.ts";

/*
 * What descriptions of answers share. Nothing of it is needed to answer, so the app never loads it for that.
 */

const codes = Object.keys(PROBLEMS) as [ProblemCode];

/** Any code of the closed list. */
export const problemCode = z.enum(codes).describe("A code of docs/problems.md");

const isWaiting = (code: ProblemCode): code is WaitingCode => PROBLEMS[code].status === 202;

/** Why something must be waited for. */
export const waitingCode = z
  .enum(codes.filter(isWaiting) as [WaitingCode])
  .describe("What it waits for, by a code of docs/problems.md; nobody needs to act");

/** How an answer tells that the caller is to call again. */
export const waiting = {
  waitingFor: z.string().optional().describe("What is waited for; repeat the call after Retry-After seconds"),
  code: waitingCode.optional().describe("The code of `waitingFor`"),
};

/** What is told of every step, whatever it does. */
export const step = {
  because: z.string().describe("Why it is taken"),
  target: z.string().describe("What it is taken on: the id or the name of something"),
  state: z
    .enum(["planned", "done", "waiting"])
    .describe("`planned` in a dry run, `done`, or `waiting` for something that comes by itself"),
};

export const deploymentName = z.string().describe("The deployment's name in the settings");

export const converged = z
  .boolean()
  .describe("Whether all is as it ought to be; a dry run says whether it is so already");
