import { blotted } from "../errors.ts";
import { ASK_GOES_ON, ASK_UNTOLD } from "../limits.ts";
import type { Ask } from "./order.ts";
import type { Asked, Stored } from "./stored.ts";

/** Of a reason so much is noted, and compared. */
const REASON = 40;

/** What is noted of a request on whatever is issued for it. */
export function askedBy(ask: Ask): Asked {
  return { before: ask.issuedBefore, because: reasonOf(ask) };
}

/**
 * What a message says was asked for, where the vault says the same of one of these: whoever may write into the queue could
 * otherwise have every credential replaced, and its predecessor taken away at once.
 */
export function vouchedFor(ask: Ask | undefined, noted: readonly (Stored | undefined)[]): Ask | undefined {
  if (!ask?.byMessage) return ask;
  return noted.some((one) => one?.asked?.before.getTime() === ask.issuedBefore.getTime()) ? ask : undefined;
}

/**
 * A call that names no moment means the same as an earlier one with the same reason, as long as what that one asked for
 * is not done, or was done by the queue and no caller has heard of it: nobody remembers calls, but what was issued for one
 * says so. `isDone` tells it of a successor.
 */
export function continued(
  ask: Ask | undefined,
  successors: readonly (Stored | undefined)[],
  { now, isDone }: { now: Date; isDone(asked: Asked): boolean },
): Ask | undefined {
  if (!ask?.open) return ask;
  const earlier = successors.find((one) => {
    const asked = one?.asked;
    if (!asked || asked.because !== reasonOf(ask) || asked.before > ask.issuedBefore) return false;
    return now.getTime() <= asked.before.getTime() + ASK_GOES_ON && (!isDone(asked) || isUntold(one, now));
  });
  return earlier?.asked ? { ...ask, issuedBefore: earlier.asked.before } : ask;
}

/** Who is told that it is done has the note taken away. */
function isUntold({ deliveredOn }: Stored, now: Date): boolean {
  return deliveredOn !== undefined && now.getTime() <= deliveredOn.getTime() + ASK_UNTOLD;
}

/** Notes that a caller has been told: the same words mean another thing from now on. */
export async function forgetAsk<V extends Stored>(current: {
  latest(): Promise<V | undefined>;
  note(version: V, milestones: { asked: undefined }): Promise<unknown>;
}): Promise<void> {
  const latest = await current.latest();
  if (latest?.asked) await current.note(latest, { asked: undefined });
}

/** The earliest of the moments that a call came to mean: a repeat with it begins nothing anew for any credential. */
export function earliest(moments: readonly (Date | undefined)[]): Date | undefined {
  return moments.reduce((one, other) => (other && (!one || other < one) ? other : one), undefined);
}

function reasonOf({ because }: Ask): string {
  return blotted(because).slice(0, REASON);
}
