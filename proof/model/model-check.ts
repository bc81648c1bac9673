import { UpstreamError } from "../../shared/errors.ts";
import { deliverCurrent } from "../../shared/rotation/client-secret/push.ts";
import { rotate } from "../../shared/rotation/client-secret/rotate.ts";
import { type Exploration, explore, movesFrom } from "./explore.ts";
import type { Breach } from "./judge.ts";
import type { State } from "./model-state.ts";
import type { Game } from "./move.ts";
import type { Code } from "./replay.ts";
import { type Resting, resting } from "./rested-worlds.ts";
import { runTree } from "./run-tree.ts";
import { SCENARIOS, type Scenario } from "./scenarios.ts";
import { clock, sketch } from "./story.ts";

export interface ModelOptions {
  /** The app's own code; a copy with a fault in it must be found out. */
  code?: Code;
  /** Names of scenarios, or scenarios of one's own; all that there are unless given. */
  scenarios?: readonly (string | Scenario)[];
  /** Most moves from the start; unbounded unless given. */
  depth?: number;
  /** Most states of a scenario. */
  states?: number;
  /** Takes no two beginnings of a run for the same (see `runTree`): many more states. */
  exact?: boolean;
  /** Takes a line of progress, now and then. */
  report?: (line: string) => void;
}

export interface FoundViolation {
  breach: Breach;
  times: number;
  /** The shortest way there, a line for each move. */
  story: string[];
}

export interface ScenarioReport extends Omit<Exploration, "violations"> {
  name: string;
  about: string;
  seconds: number;
  /** Kinds of worlds that were brought to rest, and the slowest of them. */
  rested: { worlds: number } & Resting["slowest"];
  violations: FoundViolation[];
}

export interface ModelReport {
  ok: boolean;
  scenarios: ScenarioReport[];
}

const OWN: Code = { rotate, deliverCurrent, UpstreamError };

/** So many fit into memory. */
const MOST_STATES = 5_000_000;

/** Explores every scenario; holds every state and every write against the promises. */
export async function modelCheck(options: ModelOptions = {}): Promise<ModelReport> {
  const scenarios: ScenarioReport[] = [];
  for (const one of options.scenarios ?? SCENARIOS) {
    scenarios.push(await checkScenario(typeof one === "string" ? scenarioNamed(one) : one, options));
  }
  return { ok: scenarios.every(({ violations }) => violations.length === 0), scenarios };
}

function scenarioNamed(name: string): Scenario {
  const found = SCENARIOS.find((scenario) => scenario.name === name);
  if (found) return found;
  throw new Error(`Cannot find scenario "${name}": there are ${SCENARIOS.map((one) => one.name).join(", ")}`);
}

async function checkScenario(scenario: Scenario, options: ModelOptions): Promise<ScenarioReport> {
  const began = performance.now();
  const { name, about, ask, person = [], skew = 0, splitReads = false, needed } = scenario;
  const code = options.code ?? OWN;
  const game: Game = { tree: runTree(code, { exact: options.exact ?? false }), ask, person, skew, splitReads };
  const start: State = { world: scenario.start, runs: [] };
  const rest = resting(code, game, scenario);
  const { violations, ...found } = await explore({
    game,
    start,
    needed,
    most: { depth: options.depth ?? Infinity, states: options.states ?? MOST_STATES },
    inspect: rest.inspect,
    progress: (states, depth) => {
      if (depth % 10 === 0) options.report?.(`${name}: ${states} states within ${depth} moves`);
    },
  });
  return {
    name,
    about,
    ...found,
    seconds: (performance.now() - began) / 1000,
    rested: { worlds: rest.worlds(), ...rest.slowest },
    violations: await Promise.all(
      violations.map(async ({ breach, times, path }) => ({ breach, times, story: await story(game, start, path) })),
    ),
  };
}

async function story(game: Game, start: State, path: readonly number[]): Promise<string[]> {
  const lines: string[] = [];
  let state = start;
  for (const number of path) {
    const move = (await movesFrom(game, state))[number];
    if (!move) break;
    state = move.to;
    lines.push(`${clock(state.world.now - start.world.now)}  ${move.says().padEnd(62)}  ${sketch(state)}`);
  }
  return lines;
}
