import type { Breach } from "./judge.ts";
import { runKey, type State, stateKey } from "./model-state.ts";
import type { Game, Move } from "./move.ts";
import { mishaps, runMoves } from "./run-moves.ts";
import { seenStates } from "./seen-states.ts";
import { examine } from "./state-rules.ts";
import { worldMoves } from "./world-moves.ts";

/** What an exploration found. */
export interface Exploration {
  states: number;
  transitions: number;
  /** Moves from the start to the farthest state. */
  depth: number;
  /** Nothing was left to explore. */
  exhausted: boolean;
  /** States in which the accepted exception held. */
  excused: number;
  /** How many transitions did what. */
  did: Record<string, number>;
  violations: Violation[];
}

/** The shortest way to a breach, as the numbers of the moves taken. */
export interface Violation {
  breach: Breach;
  path: number[];
  /** Transitions and states that break the same promise in the same way. */
  times: number;
}

export interface Expedition {
  game: Game;
  start: State;
  /** How many credentials the schedule itself calls for. */
  needed: number;
  most: { depth: number; states: number };
  /** Is asked about every new state. */
  inspect(state: State): Promise<Breach | undefined> | undefined;
  progress(states: number, depth: number): void;
}

/** Everything that may happen next, always in the same order. */
export async function movesFrom(game: Game, state: State): Promise<Move[]> {
  const moves: Move[] = [];
  let before = "";
  for (const run of state.runs) {
    const key = runKey(run, 0);
    // Two runs that stand at the same point do the same.
    if (key !== before) moves.push(...(await runMoves(game, state, run)), ...(await mishaps(game, state, run)));
    before = key;
  }
  moves.push(...(await worldMoves(game, state)));
  return moves;
}

/** Visits every reachable state once, nearest first, so that the way to the first breach is a shortest one. */
export async function explore(expedition: Expedition): Promise<Exploration> {
  const { game, start, most, progress } = expedition;
  const seen = seenStates();
  const trail = trailFrom();
  const violations = blameList();
  const found = { states: 1, transitions: 0, depth: 0, exhausted: false, excused: 0 };
  const did = new Map<string, number>();
  seen.add(stateKey(start));
  let frontier: { state: State; id: number }[] = [{ state: start, id: 0 }];
  while (frontier.length > 0 && found.depth < most.depth && found.states < most.states) {
    const next: typeof frontier = [];
    for (const { state, id } of frontier) {
      for (const [number, move] of (await movesFrom(game, state)).entries()) {
        found.transitions += 1;
        if (move.did) did.set(move.did, (did.get(move.did) ?? 0) + 1);
        if (move.breach) violations.blame(move.breach, () => [...trail.to(id), number]);
        if (move.breach || !seen.add(stateKey(move.to))) continue;
        found.states += 1;
        const own = trail.add(id, number);
        const verdict = await judgeState(expedition, move.to);
        if (verdict === "excused") found.excused += 1;
        else if (verdict) violations.blame(verdict, () => trail.to(own));
        if (!verdict || verdict === "excused") next.push({ state: move.to, id: own });
      }
    }
    if (next.length > 0) found.depth += 1;
    frontier = next;
    progress(found.states, found.depth);
  }
  return { ...found, exhausted: frontier.length === 0, did: Object.fromEntries(did), violations: violations.all() };
}

type Judgement = Breach | "excused" | undefined;

function judgeState({ needed, inspect }: Expedition, state: State): Judgement | Promise<Judgement> {
  const verdict = examine(state, needed);
  if (verdict && "breach" in verdict) return verdict.breach;
  const excused = verdict && ("excused" as const);
  return inspect(state)?.then((breach) => breach ?? excused) ?? excused;
}

/** From which state, and by which of its moves, each state was first reached. */
function trailFrom() {
  const parents = [0];
  const moves = [0];
  return {
    add(parent: number, move: number): number {
      moves.push(move);
      return parents.push(parent) - 1;
    },
    to(id: number): number[] {
      const path: number[] = [];
      for (let at = id; at > 0; at = parents[at] ?? 0) path.push(moves[at] ?? 0);
      return path.toReversed();
    },
  };
}

/** Breaches by kind, each with the first way to it. */
function blameList() {
  const known = new Map<string, Violation>();
  return {
    blame(breach: Breach, path: () => number[]): void {
      const key = `${breach.promise} ${breach.rule}`;
      const before = known.get(key);
      if (before) before.times += 1;
      else known.set(key, { breach, path: path(), times: 1 });
    },
    all: () => [...known.values()],
  };
}
