import * as z from "zod";

/** The body of POST /api/harden. */
export const hardenRequest = z.strictObject({
  deployment: z.string().optional().describe("Which deployment; needed where there are several"),
  dryRun: z.boolean().default(false).describe("Tell what would be done, and do nothing"),
  adminNotListed: z
    .boolean()
    .default(false)
    .describe('Your word that AUTHORIZER_ADMIN_PRINCIPALS does not list "admin", where no API shows it'),
});
