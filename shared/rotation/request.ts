import * as z from "zod";
import { CREDENTIALS, type CredentialKind } from "../deployment/credentials.ts";
import { InputError } from "../errors.ts";
import type { Ask } from "./order.ts";
import type { Rotation } from "./rotatable.ts";

/** The body of POST /api/rotate. */
export const rotationRequest = z.strictObject({
  deployment: z.string().optional().describe("Which deployment; needed where there are several"),
  credential: z.enum(CREDENTIALS).optional().describe("Only this one; without it all of the deployment's"),
  because: z
    .string()
    .trim()
    .min(1)
    .max(200)
    .optional()
    .describe("Why a new one is wanted though none is due. Without it, what is due is done and nothing else"),
  issuedBefore: z.iso
    .datetime({ offset: true })
    .optional()
    .describe("Replace what was issued before then; with the time of an earlier answer, continue that rotation"),
  revokeOld: z.boolean().default(false).describe("Take the old ones away at once, as for a leak"),
  dryRun: z.boolean().default(false).describe("Tell what would be done, and do nothing"),
});

/**
 * What the caller asks for beyond the schedule. Without `issuedBefore` it is the time of the request, or that of an
 * earlier one for the same reason that is not done yet, see `asked.ts`.
 * @throws {InputError} where a field makes no sense without another one.
 */
export function askOf(
  body: Pick<z.output<typeof rotationRequest>, "because" | "issuedBefore" | "revokeOld">,
  now: Date,
): Ask | undefined {
  const { because, revokeOld } = body;
  if (because === undefined) {
    if (!revokeOld && body.issuedBefore === undefined) return undefined;
    throw new InputError("body-invalid", "Cannot replace the credential: no reason is given", {
      hint: 'Send "because" together with "revokeOld" or "issuedBefore", for example:\n{"because":"compromised","revokeOld":true}',
    });
  }
  const issuedBefore = body.issuedBefore === undefined ? now : new Date(body.issuedBefore);
  if (issuedBefore > now) {
    throw new InputError("body-invalid", 'Cannot replace the credential: "issuedBefore" is in the future', {
      hint: "Send a time in the past, or the one from an earlier answer",
    });
  }
  return { because, issuedBefore, revokeOld, open: body.issuedBefore === undefined };
}

/**
 * The rotations that a caller means: all of the deployment's, or the one that was named.
 * @throws {InputError} that names those that there are.
 */
export function pickRotations(rotations: readonly Rotation[], named: CredentialKind | undefined): readonly Rotation[] {
  const found = rotations.filter(({ credential }) => named === undefined || credential === named);
  if (found.length > 0) return found;
  throw new InputError(
    "credential-unknown",
    `Cannot rotate "${named}": by its settings the deployment has no such credential`,
    {
      hint: `Send "credential" with one of ${rotations.map(({ credential }) => `"${credential}"`).join(", ")}, or leave it out to rotate all`,
    },
  );
}
