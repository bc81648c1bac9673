import type { Policy } from "../order.ts";
import { NOTHING_NOTED, type Stored } from "../stored.ts";
import type { Moment, Observed } from "./observed.ts";
import { planRotation } from "./plan.ts";
import type { Step } from "./step.ts";

/** Stands for the id of a credential that does not exist yet. */
const NEW = "(new)";

/** All steps that a run would take now if each succeeded at once. Pure; nothing is written. */
export function forecast(observed: Observed, policy: Policy, moment: Moment): Step[] {
  const steps: Step[] = [];
  let world = observed;
  let { run } = moment;
  // The bound only guards against an error of ours: no rotation has as many steps.
  while (steps.length < 50) {
    const { next } = planRotation(world, policy, { ...moment, run });
    if (!next) break;
    steps.push(next);
    world = after(next, world, moment.now);
    if (next.kind === "retire" && next.because === "compromised") run = { ...run, revoked: true };
    if (next.kind === "push") run = { ...run, revoked: false, handedOn: next.version };
    if (next.kind === "confirm") run = { ...run, handedOn: next.version };
    if (next.kind === "check") run = { ...run, checked: { version: next.version, keyId: next.target } };
  }
  return steps;
}

/** The world as it is when the step has succeeded. */
function after(step: Step, world: Observed, now: Date): Observed {
  const { issued, current, staged } = world;
  switch (step.kind) {
    case "issue": {
      const credential = { keyId: NEW, issuedOn: now, expiresOn: step.expiresOn };
      return { ...world, issued: [...issued, credential], staged: stored(credential, now) };
    }
    case "prove":
      return { ...world, staged: staged && { ...staged, provenOn: now } };
    case "promote":
      return { ...world, current: staged && { ...staged, version: NEW, createdOn: now } };
    case "push":
      return { ...world, current: current && { ...current, deliveredOn: now } };
    case "confirm":
      return { ...world, current: current && { ...current, confirmedOn: now } };
    case "check":
      return { ...world, current: current && { ...current, checkedOn: now } };
    case "retire":
      return { ...world, issued: issued.filter(({ keyId }) => keyId !== step.target) };
    default:
      return step satisfies never;
  }
}

function stored(credential: { keyId: string; issuedOn: Date; expiresOn: Date }, now: Date): Stored {
  return {
    ...credential,
    version: NEW,
    enabled: true,
    createdOn: now,
    intent: false,
    ...NOTHING_NOTED,
  };
}
