import { HOST_KILLS_AFTER, minutes, WRITES_LAND_WITHIN } from "./bounds.ts";
import type { Call } from "./call.ts";
import { forget } from "./forget.ts";
import type { Request } from "./perform.ts";
import type { RunNode } from "./run-tree.ts";
import { type Adrift, type Author, fault, spend, type World, worldKey } from "./world.ts";

/** A run that lives, and the write of its push, if one is on its way. */
export interface LiveRun {
  readonly node: RunNode;
  readonly beganOn: number;
  readonly flight: { readonly keyId: string; readonly stale: boolean } | undefined;
  /** For the story: "timer 1". */
  readonly label: string;
}

export interface State {
  readonly world: World;
  readonly runs: readonly LiveRun[];
}

/** Tells states apart in everything that matters for what may happen next. */
export function stateKey({ world, runs }: State): string {
  let key = worldKey(world);
  for (const run of runs) key += `/${runKey(run, world.now)}`;
  return key;
}

export function runKey({ node, flight, beganOn }: LiveRun, now: number): string {
  const sent = flight ? `>${flight.keyId}${flight.stale ? "?" : ""}` : "";
  return `${node.id}${sent}@${minutes(now - beganOn)}`;
}

/** In an order that does not depend on who began first: two states that differ only in that are one. */
export function inOrder(runs: readonly LiveRun[]): LiveRun[] {
  return runs.toSorted((a, b) => a.node.id - b.node.id || (runKey(a, 0) < runKey(b, 0) ? -1 : 1));
}

function without({ world, runs }: State, gone: LiveRun): State {
  const rest = runs.filter((run) => run !== gone);
  if (!gone.flight) return { world, runs: rest };
  return { world: { ...world, adrift: [...world.adrift, adriftPush(gone)] }, runs: rest };
}

/** The run is no more; what it has sent to the consumer may still land. */
export function crash(state: State, gone: LiveRun): State {
  const { world, runs } = without(state, gone);
  return { world: { ...world, left: spend(world.left, "crashes"), tally: fault(world.tally) }, runs };
}

export function adriftPush({ beganOn, ...run }: LiveRun): Adrift {
  const call: Call = { kind: "push", keyId: run.flight?.keyId ?? "" };
  const by = authorOf({ beganOn, ...run });
  return { call, by, until: beganOn + WRITES_LAND_WITHIN, stale: run.flight?.stale ?? false };
}

export function authorOf({ node: { opening }, beganOn }: LiveRun): Author {
  const { ask } = opening;
  return { beganOn, ask: ask && { ...ask, issuedBefore: ask.issuedBefore + beganOn - opening.beganOn } };
}

/** Who asks, for what the world does. */
export function requestOf(run: LiveRun, skew: number): Request {
  return { by: authorOf(run), ahead: run.node.opening.beganOn - run.beganOn, skew };
}

/**
 * Time passes: the host ends runs that have lived too long, which is a crash, and what has not landed by now never
 * will. Undefined when there may be no more crashes: then runs end in time.
 */
export function at(now: number, state: State): State | undefined {
  let after = state;
  for (const run of state.runs) {
    if (now < run.beganOn + HOST_KILLS_AFTER) continue;
    if (after.world.left.crashes === 0) return undefined;
    after = crash(after, run);
  }
  const { world, runs } = after;
  return { world: forget({ ...world, now, adrift: world.adrift.filter(({ until }) => now < until) }), runs };
}
