import { HOST_KILLS_AFTER, WRITES_LAND_WITHIN } from "./bounds.ts";
import type { Call } from "./call.ts";
import type { RunNode } from "./run-tree.ts";
import { type Adrift, type Author, fault, type World, worldKey } from "./world.ts";

/** A run that lives, and the write of its push, if one is on its way. */
export interface LiveRun {
  readonly node: RunNode;
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
  for (const run of runs) key += `/${runKey(run)}`;
  return key;
}

export function runKey({ node, flight }: LiveRun): string {
  return flight ? `${node.id}>${flight.keyId}${flight.stale ? "?" : ""}` : `${node.id}`;
}

/** In an order that does not depend on who began first: two states that differ only in that are one. */
export function inOrder(runs: readonly LiveRun[]): LiveRun[] {
  return runs.toSorted((a, b) => a.node.id - b.node.id || (runKey(a) < runKey(b) ? -1 : 1));
}

/** The run is no more; what it has sent to the consumer may still land. */
export function without({ world, runs }: State, gone: LiveRun): State {
  const rest = runs.filter((run) => run !== gone);
  if (!gone.flight) return { world, runs: rest };
  return { world: { ...world, adrift: [...world.adrift, adriftPush(gone)] }, runs: rest };
}

export function adriftPush({ node, flight }: LiveRun): Adrift {
  const call: Call = { kind: "push", keyId: flight?.keyId ?? "" };
  return { call, by: authorOf(node), until: node.opening.beganOn + WRITES_LAND_WITHIN, stale: flight?.stale ?? false };
}

export function authorOf({ opening: { beganOn, ask } }: RunNode): Author {
  return { beganOn, ask };
}

/** Time passes: the host ends runs that have lived too long, and what has not landed by now never will. */
export function at(now: number, state: State): State {
  let after = state;
  for (const run of state.runs) {
    if (now < run.node.opening.beganOn + HOST_KILLS_AFTER) continue;
    after = without(after, run);
    after = { ...after, world: { ...after.world, tally: fault(after.world.tally) } };
  }
  const { world, runs } = after;
  return { world: { ...world, now, adrift: world.adrift.filter(({ until }) => now < until) }, runs };
}
