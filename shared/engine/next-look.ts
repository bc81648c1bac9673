import { HOUR, LONGEST_DELAY, NEXT_LOOK } from "../limits.ts";
import type { Outcome, StepKind } from "../rotation/outcome.ts";

/** Has a run changed anything? Who only signs in once more with what is there (a daily check) has not. Pure. */
export function hasMoved(steps: Outcome["steps"]): boolean {
  return steps.some(({ kind, state }) => state === "done" && kind !== "check");
}

/** When to look again, and until when messages follow one another while it waits; `follows` as in the message. */
export interface NextLook {
  on: Date;
  until: Date;
  follows?: true;
}

const BY_CALENDAR: readonly StepKind[] = ["issue", "promote"];

/**
 * When a message shall have the credential looked at again; undefined where the next sweep is early enough.
 *
 *   the run                                        the next look
 *   ---------------------------------------------  ---------------------------------------------------------
 *   waits for something                            in a minute, or when it says; no longer than until `until`
 *   took a step, or was sent for what follows one  when the next thing comes: a confirmation, the end of a time to read
 *   only looked, or signed in with what is there   none: who took the last step has sent one, or a sweep will
 *
 * What falls due by the calendar, the next secret, is found by a sweep: messages that waited for it would all come at that
 * moment, and each would issue one. So of many messages about one credential each ends by itself, and none is the cause of
 * two. Pure.
 */
export function nextLook(
  { steps, waitingFor, lookOn, later }: Pick<Outcome, "steps" | "waitingFor" | "lookOn" | "later">,
  { now, until, follows = false }: { now: Date; until: Date; follows?: boolean | undefined },
): NextLook | undefined {
  const moved = follows || hasMoved(steps);
  const [coming] = moved ? later.filter(({ on, kind }) => on > now && !BY_CALENDAR.includes(kind)) : [];
  const again = waitingFor === undefined ? undefined : (lookOn ?? new Date(now.getTime() + NEXT_LOOK));
  if (again && again <= until && !(coming && coming.on < again)) {
    return { on: again, until, ...(moved ? { follows: true } : {}) };
  }
  if (!coming || coming.on.getTime() > now.getTime() + LONGEST_DELAY) return undefined;
  return { on: coming.on, until: new Date(coming.on.getTime() + HOUR), follows: true };
}
