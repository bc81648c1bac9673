import { deliverCurrent } from "../../shared/rotation/push.ts";
import { rotate } from "../../shared/rotation/rotate.ts";
import { UpstreamError } from "../../shared/errors.ts";
import { explore, type Exploration, movesFrom } from "./explore.ts";
import type { Breach } from "./judge.ts";
import type { Game } from "./move.ts";
import type { Code } from "./replay.ts";
import { runTree } from "./run-tree.ts";
import { SCENARIOS, type Scenario } from "./scenarios.ts";
import type { State } from "./state.ts";
import { comeToRest, restKey } from "./steady.ts";
import { clock, sketch } from "./story.ts";

export interface ModelOptions {
  /** The app's own code unless a copy is to be checked. */
  code?: Code;
  /** Names of scenarios; all without. */
  scenarios?: readonly string[];
  /** Most moves from the start. */
  depth?: number;
  /** Most states of a scenario. */
  states?: number;
  exact?: boolean;
  beyond?: readonly Breach["promise"][];
  report?: (line: string) => void;
}

export interface ScenarioReport extends Omit<Exploration, "violations"> {
  name: string;
  seconds: number;
  runs: number;
  rests: number;
  mostRunsToServed: number;
  mostRunsToSteady: number;
  violations: { breach: Breach; times: number; moves: number; story: string[] }[];
}

export interface ModelReport {
  ok: boolean;
  scenarios: ScenarioReport[];
}

const OWN: Code = { rotate, deliverCurrent, UpstreamError };

export async function modelCheck(options: ModelOptions = {}): Promise<ModelReport> {
  const chosen = SCENARIOS.filter(({ name }) => options.scenarios?.includes(name) ?? true);
  const scenarios: ScenarioReport[] = [];
  for (const scenario of chosen) scenarios.push(await checkScenario(scenario, options));
  return { ok: scenarios.every(({ violations }) => violations.length === 0), scenarios };
}

async function checkScenario(scenario: Scenario, options: ModelOptions): Promise<ScenarioReport> {
  const began = performance.now();
  const code = options.code ?? OWN;
  const tree = runTree(code, { exact: options.exact ?? false });
  const game: Game = {
    tree,
    code,
    ask: scenario.ask,
    person: scenario.person ?? [],
    skew: scenario.skew ?? 0,
    splitReads: scenario.splitReads ?? false,
    mostRuns: scenario.mostRuns ?? 2,
  };
  const start: State = { world: scenario.start, runs: [] };
  const rests = new Set<string>();
  const most = { served: 0, steady: 0 };
  const inspect = (state: State): Promise<Breach | undefined> | undefined => {
    const { world } = state;
    const key = restKey(world);
    if (rests.has(key)) return undefined;
    rests.add(key);
    return comeToRest(code, world, game.skew).then(({ servedAfter, steadyAfter }) => {
      most.served = Math.max(most.served, servedAfter ?? 99);
      most.steady = Math.max(most.steady, steadyAfter ?? 99);
      if (steadyAfter === undefined) return { promise: "I8", rule: "does not come to rest" };
      return undefined;
    });
  };
  const { violations, ...found } = await explore({
    game,
    start,
    needed: scenario.needed,
    beyond: options.beyond ?? [],
    limits: { depth: options.depth ?? 1_000, states: options.states ?? 3_000_000 },
    inspect,
    progress: (states, depth) => {
      if (options.report && depth % 5 === 0) options.report(`${scenario.name}: depth ${depth}, ${states} states, ${tree.size()} run nodes, ${rests.size} rests, ${((performance.now() - began) / 1000).toFixed(1)} s`);
    },
  });
  const told = [];
  for (const { breach, path, times } of violations)
    told.push({ breach, times, moves: path.length, story: await story(game, start, path) });
  return {
    name: scenario.name,
    ...found,
    seconds: (performance.now() - began) / 1000,
    runs: tree.size(),
    rests: rests.size,
    mostRunsToServed: most.served,
    mostRunsToSteady: most.steady,
    violations: told,
  };
}

async function story(game: Game, start: State, path: readonly number[]): Promise<string[]> {
  const lines: string[] = [];
  let state = start;
  for (const number of path) {
    const move = (await movesFrom(game, state))[number];
    if (!move) break;
    state = move.to;
    lines.push(`${clock(state.world.now - start.world.now)}  ${move.says().padEnd(64)}  ${sketch(state)}`);
  }
  return lines;
}
