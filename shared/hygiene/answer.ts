import * as z from "zod";
import { converged, deploymentName, step } from "../problems/schemas.ts";

/** The answer of POST /api/harden, as JSON. Nothing of it is needed to answer, so the app never loads it for that. */
export const hardenAnswer = z
  .strictObject({
    deployment: deploymentName,
    converged,
    steps: z.array(z.strictObject({ kind: z.literal("delete-default-admin"), ...step })),
    result: z.strictObject({
      defaultAdmin: z.enum(["absent", "present"]).describe("Whether the account with the published password is there"),
      unseen: z.string().optional().describe("What nobody can see, and whoever called vouches for"),
      administrators: z
        .array(z.string())
        .describe("Who administers the server, bots and the default admin aside, by user name"),
    }),
  })
  .describe("Whether the default admin is gone");

export type HardenAnswer = z.output<typeof hardenAnswer>;
