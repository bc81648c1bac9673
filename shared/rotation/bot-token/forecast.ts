import { DAY } from "../../limits.ts";
import type { Policy } from "../order.ts";
import { NOTHING_NOTED } from "../stored.ts";
import type { Moment, Observed } from "./observed.ts";
import { planBotToken } from "./plan.ts";
import type { Plan, Step } from "./step.ts";

/** Stands for the id of a token that does not exist yet. */
const NEW = "(new)";

/** All steps that a run would take now if each succeeded at once, and what it would wait for. Pure. */
export function forecast(observed: Observed, policy: Policy, moment: Moment): { steps: Step[]; waits: Plan["waits"] } {
  const steps: Step[] = [];
  let world = observed;
  let { run } = moment;
  for (;;) {
    const { next, waits } = planBotToken(world, policy, { ...moment, run });
    // The bound only guards against an error of ours: no rotation has as many steps.
    if (!next || steps.length >= 10) return { steps, waits };
    steps.push(next);
    world = after(next, world, policy, moment.now);
    if (next.kind === "issue") run = { ...run, issuedOn: moment.now };
  }
}

/** The world as it is when the step has succeeded. */
function after(step: Step, world: Observed, { lifetimeDays }: Policy, now: Date): Observed {
  const { held, current } = world;
  switch (step.kind) {
    case "issue": {
      const expiresOn = new Date(now.getTime() + lifetimeDays * DAY);
      return { ...world, held: { ...held, keyId: NEW, issuedOn: now, expiresOn } };
    }
    case "promote": {
      const { keyId, issuedOn, expiresOn } = held;
      const version = { keyId, issuedOn, expiresOn, version: NEW, enabled: true, createdOn: now, intent: false };
      return {
        ...world,
        current: { ...version, ...NOTHING_NOTED },
      };
    }
    case "push":
      return { ...world, current: current && { ...current, deliveredOn: now } };
    case "confirm":
      return { ...world, current: current && { ...current, confirmedOn: now } };
    default:
      return step satisfies never;
  }
}
