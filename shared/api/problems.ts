import * as z from "zod";
import { PROBLEMS, type ProblemCode, problemType } from "../problems/problems.ts";
import { waiting, waitingCode } from "../problems/schemas.ts";

const issuedBefore = z.iso
  .datetime()
  .optional()
  .describe("Of POST /api/rotate: send it with the repeat, to continue this rotation instead of beginning another");
const left = z
  .array(z.string())
  .optional()
  .describe("Of POST /api/rotate with `revokeOld`: ids of what could not be revoked, and still signs in");

/** What is answered 202 where nothing could be done yet. */
export const waitingAnswer = z
  .strictObject({
    converged: z.literal(false),
    waitingFor: waiting.waitingFor.unwrap(),
    code: waitingCode,
    issuedBefore,
    left,
  })
  .describe("Something must be waited for before anything can be done. Repeat the call after Retry-After seconds");

const ofStalled = {
  permissions: z
    .array(z.string())
    .optional()
    .describe("Permissions of Microsoft Graph that the app's identity lacks; the hint has the commands"),
  adminConsentUrls: z.array(z.string()).optional().describe("Where a person can consent instead, in a browser"),
};

const ofUpstream = {
  upstream: z
    .strictObject({
      service: z.enum([
        "Microsoft Graph",
        "Entra",
        "Key Vault",
        "OpenMetadata",
        "App Service",
        "Storage",
        "Notification receiver",
      ]),
      status: z.number().int().describe("Its HTTP status; 0 where no answer came"),
      code: z.string().optional().describe("Its own code for the reason"),
    })
    .optional()
    .describe("Which service refused or failed"),
};

const all = Object.keys(PROBLEMS) as ProblemCode[];
const statuses = [...new Set(all.map((code) => PROBLEMS[code].status))].filter((status) => status !== 202).sort();

/** The codes that are answered with a status, in their order in docs/problems.md. */
export function codesOf(status: number): ProblemCode[] {
  return all.filter((code) => PROBLEMS[code].status === status).sort();
}

/** One schema for each status of a failure, with the codes that it may have. */
export const problems = statuses.map((status) => ({ status, schema: problem(status) }));

/** By what name a client knows the problems of a status. */
export function problemNames(status: number): string {
  return `Problem${status}`;
}

function problem(status: number) {
  return z
    .strictObject({
      type: z.string().describe(`\`${problemType("<code>" as ProblemCode)}\`; it names the problem and leads nowhere`),
      title: z.string().describe("The same for every occurrence of the code"),
      status: z.literal(status),
      detail: z.string().describe("What failed, and on what"),
      code: z.enum(codesOf(status)).describe("A stable name; machines may rely on it"),
      hint: z.string().describe("What to do; commands stand on lines of their own"),
      issuedBefore,
      left,
      ...(status === 409 ? ofStalled : {}),
      ...(status === 502 || status === 503 ? ofUpstream : {}),
    })
    .describe(`A problem (RFC 9457) that is answered with ${status}`);
}

/** How a problem looks, for example. */
export function exampleOf(code: ProblemCode): object {
  const { status, title, means, hint } = PROBLEMS[code];
  return { type: problemType(code), title, status, detail: means, code, hint };
}
