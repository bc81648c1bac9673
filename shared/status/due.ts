import { longestPause, readSchedule } from "../deployment/schedule.ts";
import { CHECK_AGAIN, LONGEST_RUN, TIMER_OVERDUE } from "../limits.ts";
import type { WaitingCode } from "../problems/problems.ts";
import type { Observed } from "../rotation/client-secret/observed.ts";
import { dueOn, retireOn, signedInOn, stageOn } from "../rotation/client-secret/reasons.ts";
import type { Step } from "../rotation/client-secret/step.ts";
import type { Policy } from "../rotation/order.ts";
import type { Later } from "../rotation/outcome.ts";
import type { Stored } from "../rotation/stored.ts";

/** What comes by itself; with `waits` it is due already, and waits for that until then. */
export type Coming = Later & { waits?: WaitingCode };

/** So long a step may be due before somebody should look: the timer has then missed two runs. */
export function lateAfter(rotationSchedule: string): number {
  const schedule = readSchedule(rotationSchedule);
  return Math.max(TIMER_OVERDUE, 2 * ((schedule && longestPause(schedule)) ?? 0));
}

/** Since when a step is due, where that is known. */
export function dueSince(step: Step, { current, staged }: Observed, policy: Policy, now: Date): Date | undefined {
  switch (step.kind) {
    case "issue":
    case "promote":
      if (!current) return undefined;
      if (step.because === "due") return dueOn(current, policy);
      return step.because === "due soon" ? stageOn(current, policy) : undefined;
    case "prove":
      return staged?.createdOn;
    case "push":
      return current?.createdOn;
    case "confirm":
      return current?.deliveredOn && new Date(current.deliveredOn.getTime() + LONGEST_RUN);
    case "check":
      if (step.because === "before older secrets are retired") return retirement(current, policy);
      return current && new Date(signedInOn(current, now).getTime() + CHECK_AGAIN);
    case "retire":
      return retirement(current, policy);
    default:
      return step satisfies never;
  }
}

function retirement(current: Stored | undefined, policy: Policy): Date | undefined {
  return current?.deliveredOn && retireOn(current.deliveredOn, policy);
}

/** When the current one is succeeded, by the settings. */
export function datesOf(current: Stored, policy: Policy) {
  return { stageOn: stageOn(current, policy), dueOn: dueOn(current, policy), retireOn: retirement(current, policy) };
}
