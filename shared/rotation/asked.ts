import { blotted } from "../errors.ts";
import { ASK_GOES_ON } from "../limits.ts";
import type { Ask } from "./order.ts";
import type { Asked, Stored } from "./stored.ts";

/** Of a reason so much is noted, and compared. */
const REASON = 40;

/** What is noted of a request on whatever is issued for it. */
export function askedBy(ask: Ask): Asked {
  return { before: ask.issuedBefore, because: reasonOf(ask) };
}

/**
 * A call that names no moment means the same as an earlier one with the same reason, as long as what that one asked for
 * is not done: nobody remembers calls, but what was issued for one says so. `isDone` tells it of a successor.
 */
export function continued(
  ask: Ask | undefined,
  successors: readonly (Stored | undefined)[],
  { now, isDone }: { now: Date; isDone(asked: Asked): boolean },
): Ask | undefined {
  if (!ask?.open) return ask;
  const earlier = successors
    .map((one) => one?.asked)
    .find((one) => {
      if (!one || one.because !== reasonOf(ask) || one.before > ask.issuedBefore) return false;
      return now.getTime() <= one.before.getTime() + ASK_GOES_ON && !isDone(one);
    });
  return earlier ? { ...ask, issuedBefore: earlier.before } : ask;
}

/** The earliest of the moments that a call came to mean: a repeat with it begins nothing anew for any credential. */
export function earliest(moments: readonly (Date | undefined)[]): Date | undefined {
  return moments.reduce((one, other) => (other && (!one || other < one) ? other : one), undefined);
}

function reasonOf({ because }: Ask): string {
  return blotted(because).slice(0, REASON);
}
