import { HOUR, LONGEST_DELAY, NEXT_LOOK } from "../limits.ts";
import type { Outcome, StepKind } from "../rotation/outcome.ts";

/** Has a run changed anything? Who only signs in once more with what is there (a daily check) has not. Pure. */
export function hasMoved(steps: Outcome["steps"]): boolean {
  return steps.some(({ kind, state }) => state === "done" && kind !== "check");
}

/** When to look again, and until when messages follow one another while it waits. */
export interface NextLook {
  on: Date;
  until: Date;
  since?: Date;
}

/** Who has waited so many minutes looks again after one. */
const PATIENCE = 4;

/** Until the next look at what has been waited for since then, in milliseconds. */
export function pauseAfter(since: Date, now: Date): number {
  return Math.max(NEXT_LOOK, (now.getTime() - since.getTime()) / PATIENCE);
}

const BY_CALENDAR: readonly StepKind[] = ["issue", "promote"];

/**
 * When a message shall have the credential looked at again; undefined where the next sweep is early enough.
 *
 *   the run                                        the next look
 *   ---------------------------------------------  ---------------------------------------------------------
 *   waits for something                            in a minute, seldomer the longer nothing moves (`since`), or when it
 *                                                  says; no longer than until `until`
 *   took a step                                    when the next thing comes: a confirmation, the end of a time to read
 *   only looked, or signed in with what is there   none: who took the last step has sent one, or a sweep will
 *
 * What falls due by the calendar, the next secret, is found by a sweep: messages that waited for it would all come at that
 * moment, and each would issue one. Storage may double any message, and doubles double: so without a step none is followed
 * for longer than `until`, a day of waiting has about thirty, not one a minute, and one that came for a thing which
 * another run has put off ends. Pure.
 */
export function nextLook(
  { steps, waitingFor, lookOn, later }: Pick<Outcome, "steps" | "waitingFor" | "lookOn" | "later">,
  { now, until, ...told }: { now: Date; until: Date; since?: Date | undefined },
): NextLook | undefined {
  const moved = hasMoved(steps);
  const since = moved ? now : (told.since ?? now);
  const [coming] = moved ? later.filter(({ on, kind }) => on > now && !BY_CALENDAR.includes(kind)) : [];
  const again = waitingFor === undefined ? undefined : (lookOn ?? new Date(now.getTime() + pauseAfter(since, now)));
  if (again && again <= until && !(coming && coming.on < again)) return { on: again, until, since };
  if (!coming || coming.on.getTime() > now.getTime() + LONGEST_DELAY) return undefined;
  return { on: coming.on, until: new Date(coming.on.getTime() + HOUR) };
}
