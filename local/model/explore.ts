import type { Breach } from "./judge.ts";
import type { Game, Move } from "./move.ts";
import { examine } from "./promises.ts";
import { runMoves } from "./run-moves.ts";
import { seenStates } from "./seen.ts";
import { runKey, type State, stateKey } from "./state.ts";
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
  violations: Violation[];
}

/** The shortest way to a breach, as the numbers of the moves taken. */
export interface Violation {
  breach: Breach;
  path: number[];
  /** States that break the same promise in the same way. */
  times: number;
}

export interface Limits {
  depth: number;
  states: number;
}

export interface Expedition {
  game: Game;
  start: State;
  /** How many credentials the scenario itself calls for. */
  needed: number;
  limits: Limits;
  /** A way that breaks one of these promises is followed nevertheless. */
  beyond: readonly Breach["promise"][];
  /** Is asked about every new state; a breach ends the way there. */
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
    if (key !== before) moves.push(...(await runMoves(game, state, run)));
    before = key;
  }
  moves.push(...(await worldMoves(game, state)));
  return moves;
}

/** Visits every reachable state once, nearest first, so that the way to the first breach is a shortest one. */
export async function explore({ game, start, needed, limits, beyond, inspect, progress }: Expedition): Promise<Exploration> {
  const seen = seenStates();
  const parents: number[] = [-1];
  const steps: number[] = [-1];
  const violations = new Map<string, Violation>();
  const found: Exploration = { states: 1, transitions: 0, depth: 0, exhausted: false, excused: 0, violations: [] };
  const pathTo = (id: number): number[] => {
    const path: number[] = [];
    for (let at = id; at > 0; at = parents[at] ?? 0) path.unshift(steps[at] ?? 0);
    return path;
  };
  const blame = (breach: Breach, path: number[]): void => {
    const key = `${breach.promise} ${breach.rule}`;
    const known = violations.get(key);
    if (known) known.times += 1;
    else violations.set(key, { breach, path, times: 1 });
  };
  seen.add(stateKey(start));
  let frontier: { state: State; id: number }[] = [{ state: start, id: 0 }];
  while (frontier.length > 0 && found.depth < limits.depth && found.states < limits.states) {
    const next: typeof frontier = [];
    for (const { state, id } of frontier) {
      const moves = await movesFrom(game, state);
      for (const [number, { to, breach }] of moves.entries()) {
        found.transitions += 1;
        if (breach) {
          blame(breach, [...pathTo(id), number]);
          if (!beyond.includes(breach.promise)) continue;
        }
        if (!seen.add(stateKey(to))) continue;
        found.states += 1;
        const own = parents.push(id) - 1;
        steps.push(number);
        const verdict = examine(to, needed);
        if (verdict === "excused") found.excused += 1;
        const inspected = verdict === undefined || verdict === "excused" ? inspect(to) : verdict;
        const fault = inspected instanceof Promise ? await inspected : inspected;
        if (fault) blame(fault, pathTo(own));
        if (!fault || beyond.includes(fault.promise)) next.push({ state: to, id: own });
      }
    }
    if (next.length > 0) found.depth += 1;
    frontier = next;
    progress(found.states, found.depth);
  }
  return { ...found, exhausted: frontier.length === 0, violations: [...violations.values()] };
}
