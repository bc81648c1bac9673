import { HOST_TIME_OUT } from "../../shared/limits.ts";
import { minutes, WRITES_LAND_WITHIN } from "./bounds.ts";
import type { Call } from "./call.ts";
import { forget } from "./forget-what-is-old.ts";
import type { Request } from "./request.ts";
import type { RunNode } from "./run-tree.ts";
import { type Adrift, type Author, type Excuse, fault, spend, type World, worldKey } from "./world.ts";

/** A run that lives, and the write of its push, if one is on its way. */
export interface LiveRun {
  readonly node: RunNode;
  readonly beganOn: number;
  readonly flight: Flight | undefined;
  /** For the story: "timer 1". */
  readonly label: string;
}

export interface Flight {
  readonly keyId: string;
  readonly excuse: Excuse | undefined;
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
  const sent = flight ? `>${flight.keyId}${flight.excuse ?? ""}` : "";
  return `${node.id}${sent}@${minutes(now - beganOn)}`;
}

/** In an order that does not depend on who began first: two states that differ only in that are one. */
export function inOrder(runs: readonly LiveRun[]): LiveRun[] {
  return runs.toSorted((a, b) => a.node.id - b.node.id || (runKey(a, 0) < runKey(b, 0) ? -1 : 1));
}

/** The run is no more; what it has sent to the consumer may still land. */
export function crash({ world, runs }: State, gone: LiveRun): State {
  const { left, tally, adrift } = world;
  const sent = gone.flight ? [...adrift, adriftPush(gone, gone.flight)] : adrift;
  return {
    world: { ...world, adrift: sent, left: spend(left, "crashes"), tally: fault(tally) },
    runs: runs.filter((run) => run !== gone),
  };
}

/** The write of a push for whose answer nobody waits. */
export function adriftPush(run: LiveRun, { keyId, excuse }: Flight): Adrift {
  return { ...adriftCall(run, { kind: "push", keyId }), excuse };
}

/** Another write for whose answer nobody waits. */
export function adriftCall(run: LiveRun, call: Call): Adrift {
  return { call, by: authorOf(run), until: run.beganOn + WRITES_LAND_WITHIN, excuse: undefined };
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
    if (now < run.beganOn + HOST_TIME_OUT) continue;
    if (after.world.left.crashes === 0) return undefined;
    after = crash(after, run);
  }
  const { world, runs } = after;
  return { world: forget({ ...world, now, adrift: world.adrift.filter(({ until }) => now < until) }), runs };
}
