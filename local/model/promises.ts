import { MOST_MANAGED } from "../../shared/rotation/state.ts";
import { FOREIGN } from "./credential.ts";
import type { Breach } from "./judge.ts";
import type { State } from "./state.ts";
import { findCredential } from "./world.ts";

/** What must hold in every state. `excused` is the exception that the design accepts, counted apart. */
export type Verdict = Breach | "excused" | undefined;

/** Holds a state against the promises. `needed` is how many credentials the scenario itself calls for. */
export function examine(state: State, needed: number): Verdict {
  const availability = examineAvailability(state);
  if (availability !== undefined && availability !== "excused") return availability;
  return examineCredentials(state, needed) ?? examineOutcome(state) ?? availability;
}

function examineAvailability({ world }: State): Verdict {
  const { held, now, current } = world;
  if (!held || held.keyId === FOREIGN) return undefined;
  const credential = findCredential(world, held.keyId);
  if (!credential?.usable) return { promise: "I1", rule: "the consumer holds a secret that may not work yet" };
  if (now >= credential.expiresOn) return { promise: "I1", rule: "the consumer holds a secret that has run out" };
  if (!credential.removed || credential.removed.by === "person") return undefined;
  if (!held.excused) return { promise: "I1", rule: "the consumer holds a secret that a run has removed" };
  const confirmed = findCredential(world, current?.content)?.acknowledged?.again === true;
  return confirmed ? { promise: "I1", rule: "a late push outlived the confirmation" } : "excused";
}

function examineCredentials({ world, runs }: State, needed: number): Breach | undefined {
  const { credentials, tally, asked } = world;
  const alive = credentials.filter(({ removed }) => !removed);
  const living = runs.filter(({ node }) => node.opening.kind !== "handler").length;
  const lost = alive.filter(({ stored }) => !stored).length;
  if (lost > tally.faults + living) return { promise: "I3", rule: "more lost credentials than faults and living runs" };
  if (asked === undefined && alive.length > MOST_MANAGED + 1)
    return { promise: "I3", rule: "more managed credentials than the most" };
  const explained = needed + (asked === undefined ? 0 : 1) + (tally.overlapped ? tally.begun - 1 : 0) + tally.faults;
  if (tally.issued > explained) return { promise: "I7", rule: "more credentials issued than anything explains" };
  return undefined;
}

/** Runs that all ended by themselves, and nobody meddled: what is marked as delivered is what the consumer holds. */
function examineOutcome({ world, runs }: State): Breach | undefined {
  const { current, held, tally, adrift } = world;
  if (runs.length > 0 || adrift.length > 0 || tally.faults > 0) return undefined;
  if (!current?.enabled || current.tags.deliveredOn === undefined || held?.keyId === current.content) return undefined;
  return { promise: "I6", rule: "all runs have ended, and the consumer holds another secret than the one marked delivered" };
}
