import { CLOCK_SKEW, DAY, EVENT_HEAD_START, GRACE, HOUR, PROOF_PATIENCE } from "../../limits.ts";
import type { Policy } from "../order.ts";
import { goesOn } from "../progress.ts";
import type { Stored } from "../stored.ts";
import type { Issued, Moment, Observed } from "./observed.ts";
import type { ReplaceReason } from "./step.ts";

/** A stored secret whose credential is known. */
export type Identified = Stored & { keyId: string };

/** The staged version, if promoting it would be of use. */
export function usableStaged(
  { issued, current, staged }: Observed,
  policy: Policy,
  { now, run }: Moment,
): Identified | undefined {
  if (!staged || staged.intent || !staged.enabled || !isIdentified(staged)) return undefined;
  if (staged.keyId === current?.keyId) return undefined;
  if (isDead(staged, issued, now) || now >= dueOn(staged, policy)) return undefined;
  if (!staged.provenOn && now.getTime() > staged.createdOn.getTime() + PROOF_PATIENCE) return undefined;
  if (run.ask && issuedOn(staged) < run.ask.issuedBefore) return undefined;
  return staged;
}

/** Why the current secret must be replaced now; the first reason counts. */
export function reasonToReplace(
  { issued, current }: Observed,
  policy: Policy,
  { now, run }: Moment,
): ReplaceReason | undefined {
  if (!current) return "the vault has none";
  if (!isIdentified(current)) return "not stored by this app";
  if (!current.enabled) return "disabled in the vault";
  if (current.refusedOn) return "failed its last check";
  if (isDead(current, issued, now)) return "no longer in Entra";
  if (now >= dueOn(current, policy)) return "due";
  if (run.ask && issuedOn(current) < run.ask.issuedBefore) return "requested";
  return undefined;
}

/**
 * A run has noted that it makes this one current, and what is current is older: the run died before it did, or a slower
 * one, which had looked before, has stored its own since.
 */
export function reasonToPromoteAgain(
  staged: Identified,
  current: Stored | undefined,
): "overwritten by an older secret" | undefined {
  if (!staged.promotedOn || !current || issuedOn(staged) <= issuedOn(current)) return undefined;
  return "overwritten by an older secret";
}

/** May be handed to the consumer: even one that is due signs in. */
export function isAlive(current: Stored | undefined, issued: readonly Issued[], now: Date): current is Identified {
  if (current === undefined || !isIdentified(current) || !current.enabled || current.refusedOn) return false;
  return !isDead(current, issued, now);
}

/** Does whoever reads the vault by itself still have time to? */
export function readersWait<S extends Pick<Stored, "readUntil" | "deliveredOn">>(
  current: S | undefined,
  now: Date,
): current is S & { readUntil: Date } {
  return current?.readUntil !== undefined && !current.deliveredOn && now < current.readUntil;
}

/**
 * An earlier push was told that nothing but that time is missing: the hourly look does not ask each time. Whoever calls
 * hears it from a push of their own, and after a leak nobody is given time.
 */
export function leftToReaders(current: Stored, { now, run }: Pick<Moment, "now" | "run">): boolean {
  return run.leavesPushToEvent && !run.ask?.revokeOld && readersWait(current, now);
}

/**
 * Until when the push is left to the event of the new version; undefined where it is not. Who goes on with what an event's
 * run had no time for does not wait for that event.
 */
export function eventOn({ version, createdOn }: Stored, { now, run }: Pick<Moment, "now" | "run">): Date | undefined {
  const on = new Date(createdOn.getTime() + EVENT_HEAD_START);
  return run.leavesPushToEvent && now < on && !goesOn(version, run) ? on : undefined;
}

/**
 * When somebody last signed in with it, as far as that is known: nothing becomes current without a sign-in. A note that
 * lies ahead is not ours.
 */
export function signedInOn({ createdOn, checkedOn }: Stored, now: Date): Date {
  const isNoted = checkedOn && checkedOn > createdOn && checkedOn.getTime() <= now.getTime() + CLOCK_SKEW;
  return isNoted ? checkedOn : createdOn;
}

/** From when on the secret is to be replaced. One without an expiry date is not ours to keep: at once. */
export function dueOn(stored: Stored, policy: Policy): Date {
  return new Date((stored.expiresOn?.getTime() ?? 0) - policy.renewBeforeDays * DAY);
}

/** From when on its successor is staged. */
export function stageOn(stored: Stored, policy: Policy): Date {
  return new Date(dueOn(stored, policy).getTime() - policy.stageAheadHours * HOUR);
}

/** From when on its predecessors may go, if it was delivered then. */
export function retireOn(deliveredOn: Date, policy: Policy): Date {
  return new Date(deliveredOn.getTime() + policy.overlapDays * DAY);
}

/** By our own clock, as noted when it was announced; Entra's clock may differ. */
export function issuedOn(stored: Stored): Date {
  return stored.issuedOn ?? stored.createdOn;
}

function isIdentified(stored: Stored): stored is Identified {
  return stored.keyId !== undefined;
}

/** Entra's list lags behind, so a young credential that it lacks is not dead. */
function isDead(stored: Identified, issued: readonly Issued[], now: Date): boolean {
  if (issued.some((one) => one.keyId === stored.keyId)) return false;
  return now.getTime() > issuedOn(stored).getTime() + GRACE;
}

/** What to do where too many exist. */
export const TOO_MANY =
  'Something keeps losing secrets. See GET /api/status, then remove unused ones in Entra (Certificates & secrets). After a leak, call POST /api/rotate with:\n{"because":"compromised","revokeOld":true}';
