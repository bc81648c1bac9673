import {
  CALL_BUDGET,
  DAY,
  EVENT_BUDGET,
  HOST_TIME_OUT,
  HOUR,
  LATE_WRITE,
  MINUTE,
  PROOF_SIGN_INS,
  PROOF_SPACING,
  UNIT_BUDGET,
} from "../../shared/limits.ts";

/** What the world around the rotation may do at worst. Milliseconds. */

/** What a run has sent may take effect until then, counted from the start of the run: also when the run has ended. */
export const WRITES_LAND_WITHIN = HOST_TIME_OUT + LATE_WRITE;
/** A new credential may be refused at sign-in so long. */
export const NEW_IS_REFUSED = 20 * MINUTE;
/** A removed credential may be let in so long. */
export const REMOVED_IS_LET_IN = 15 * MINUTE;

/** How long the functions let a run begin something new: rotate-credential, rotate-client-secret, push-client-secret. */
export const PATIENCE = { timer: UNIT_BUDGET, unit: UNIT_BUDGET, call: CALL_BUDGET, handler: EVENT_BUDGET } as const;

/** So much must have been seen of a credential before it may be handed out: sign-ins in a row, and how long they took. */
export const PROOF = { signIns: PROOF_SIGN_INS, over: (PROOF_SIGN_INS - 1) * PROOF_SPACING } as const;

/**
 * Days instead of months: every rule compares with the same constants of the plan (grace, longest run, head start), and
 * the deadlines keep their order.
 */
export const POLICY = { lifetimeDays: 3, renewBeforeDays: 1, overlapDays: 2 / 24, stageAheadHours: 1 } as const;
export const OVERLAP = POLICY.overlapDays * DAY;
export const STAGE_AHEAD = POLICY.stageAheadHours * HOUR;
/** What falls due later than that is not waited for. */
export const FAR = 6 * HOUR;

/** Hourly, as ROTATION_SCHEDULE by default. */
export const TIMER_PERIOD = HOUR;
/** So many timer runs after the last fault, the consumer is served. */
export const MOST_RUNS_TO_SERVED = 2;
/** So many timer runs after the last fault, nothing is left to do; most of them only wait for the overlap. */
export const MOST_RUNS_TO_STEADY = 6;

/** When a credential with this end is due. */
export function dueAfter(expiresOn: number): number {
  return expiresOn - POLICY.renewBeforeDays * DAY;
}

export function minutes(milliseconds: number): number {
  return milliseconds / MINUTE;
}
