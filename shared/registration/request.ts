import * as z from "zod";

/** The body of POST /api/provision and of POST /api/consent. */
export const registrationRequest = z.strictObject({
  deployment: z.string().optional().describe("Which deployment; needed where there are several"),
  dryRun: z.boolean().default(false).describe("Tell what would be done, and do nothing"),
});
