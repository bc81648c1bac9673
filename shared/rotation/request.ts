import { z } from "zod";
import { InputError } from "../errors.ts";
import type { Ask } from "./state.ts";

/** The body of POST /api/rotate. */
export const rotationRequest = z.strictObject({
  deployment: z.string().optional(),
  credential: z.enum(["ingestion-client-secret"]).optional(),
  because: z.string().min(1).max(200).optional(),
  issuedBefore: z.iso.datetime({ offset: true }).optional(),
  revokeOld: z.boolean().default(false),
  dryRun: z.boolean().default(false),
});

/**
 * What the caller asks for beyond the schedule. Without `issuedBefore` it is the time of the request.
 * @throws {InputError} where a field makes no sense without another one.
 */
export function askOf(body: z.output<typeof rotationRequest>, now: Date): Ask | undefined {
  const { because, revokeOld } = body;
  if (because === undefined) {
    if (!revokeOld && body.issuedBefore === undefined) return undefined;
    throw new InputError(
      "Cannot replace a credential without a reason",
      'Send "because" together with "revokeOld" or "issuedBefore", for example {"because":"compromised","revokeOld":true}',
    );
  }
  const issuedBefore = body.issuedBefore === undefined ? now : new Date(body.issuedBefore);
  if (issuedBefore > now) {
    throw new InputError(
      'Cannot replace what will be issued in the future: "issuedBefore" lies ahead',
      "Send a past time, or the one that an earlier answer gave",
    );
  }
  return { because, issuedBefore, revokeOld };
}

/** Lets the answer to a failure, like any other, tell the `issuedBefore` with which a repeat continues this rotation. */
export function continuable(error: unknown, ask: Ask | undefined): unknown {
  if (ask === undefined || !(error instanceof Error)) return error;
  return Object.assign(error, { issuedBefore: ask.issuedBefore.toISOString() });
}
