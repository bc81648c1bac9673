import { FOREIGN } from "./credential.ts";
import type { Breach } from "./judge.ts";
import type { State } from "./model-state.ts";
import { type Excuse, findCredential } from "./world.ts";

/** What a state breaks, or the accepted exception that it needs. */
export type Verdict = { breach: Breach } | { excuse: Excuse } | undefined;

/** Holds a state against what must hold at every moment. `needed`: credentials that the schedule itself calls for. */
export function examine(state: State, needed: number): Verdict {
  const breach = examineCredentials(state, needed) ?? examineOutcome(state);
  const availability = examineAvailability(state);
  if (availability && "breach" in availability) return availability;
  return breach ? { breach } : availability;
}

function examineAvailability({ world }: State): Verdict {
  const { held, now, current } = world;
  if (!held || held.keyId === FOREIGN) return undefined;
  const credential = findCredential(world, held.keyId);
  if (!credential?.usable) return unavailable("the consumer holds a secret that may not work yet");
  if (now >= credential.expiresOn) return unavailable("the consumer holds a secret that has run out");
  if (!credential.removed || credential.removed.by === "person") return undefined;
  const { excuse } = held;
  if (!excuse) return unavailable("the consumer holds a secret that a run has removed");
  if (findCredential(world, current?.content)?.acknowledged?.again)
    return unavailable("a late push of a revoked secret outlives the confirmation");
  // The one exception that the design accepts, after a leak only: `judgeRest` sees how soon it is mended.
  return { excuse };
}

function unavailable(rule: string): Verdict {
  return { breach: { promise: "availability", rule } };
}

function examineCredentials({ world, runs }: State, needed: number): Breach | undefined {
  const { credentials, tally, asked } = world;
  const alive = credentials.filter(({ removed }) => !removed);
  const living = runs.filter(({ node }) => node.opening.kind !== "handler").length;
  const lost = alive.filter(({ stored }) => !stored).length;
  if (lost > tally.faults + living)
    return { promise: "recoverable or inert", rule: "more credentials are lost than faults and living runs explain" };
  const overlapping = tally.overlapped ? tally.begun - 1 : 0;
  if (tally.issued <= needed + (asked ? 1 : 0) + overlapping + tally.faults) return undefined;
  return {
    promise: "no needless work",
    rule: "more credentials are issued than one for each need, fault and overlapping run",
  };
}

/** All runs ended by themselves, and nobody meddled: what is noted is so. */
function examineOutcome({ world, runs }: State): Breach | undefined {
  const { current, held, tally, adrift } = world;
  if (runs.length > 0 || adrift.length > 0 || tally.faults > 0) return undefined;
  if (!current?.enabled || current.tags.deliveredOn === undefined) return undefined;
  if (held?.keyId === current.content) return undefined;
  return {
    promise: "overlap and order",
    rule: "all runs have ended, and what is noted as delivered is not what the consumer holds",
  };
}
