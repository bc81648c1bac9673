import { comeToRest, judgeRest, type Limits, type Rest } from "./come-to-rest.ts";
import type { Breach } from "./judge.ts";
import { adriftPush, type State } from "./model-state.ts";
import type { Game } from "./move.ts";
import type { Code } from "./replay.ts";
import { restKey } from "./rest-key.ts";
import { landings } from "./world-moves.ts";

/** How the worlds of a scenario come to rest, each kind of world tried once. */
export interface Resting {
  /** A breach if the state, with faults ended, does not reach steady state. */
  inspect(state: State): Promise<Breach | undefined> | undefined;
  worlds(): number;
  /** The slowest of them. */
  slowest: { runsToServed: number; runsToSteady: number; hours: number };
}

/**
 * Every run that lives crashes now, where there may be as many crashes; the other states with living runs lead to ones
 * without. Writes on their way land, in any order, or never.
 */
export function resting(code: Code, { skew }: Pick<Game, "skew">, limits: Limits): Resting {
  const tried = new Set<string>();
  const slowest = { runsToServed: 0, runsToSteady: 0, hours: 0 };
  const noteSlowest = ({ servedAfter, steadyAfter, hours }: Rest): void => {
    slowest.runsToServed = Math.max(slowest.runsToServed, servedAfter ?? Infinity);
    slowest.runsToSteady = Math.max(slowest.runsToSteady, steadyAfter ?? Infinity);
    slowest.hours = Math.max(slowest.hours, hours);
  };
  const tryAll = async (states: readonly State[]): Promise<Breach | undefined> => {
    for (const { world } of states) {
      const rest = await comeToRest(code, world, skew);
      noteSlowest(rest);
      const breach = judgeRest(rest, limits);
      if (breach) return breach;
    }
    return undefined;
  };
  return {
    slowest,
    worlds: () => tried.size,
    inspect(state) {
      if (state.runs.length > state.world.left.crashes) return undefined;
      const fresh = landed({ skew }, withoutRuns(state)).filter(({ world }) => {
        const key = restKey(world);
        return !tried.has(key) && tried.add(key);
      });
      return fresh.length === 0 ? undefined : tryAll(fresh);
    },
  };
}

function withoutRuns({ world, runs }: State): State {
  const flying = runs.flatMap((run) => (run.flight ? [adriftPush(run, run.flight)] : []));
  return { world: flying.length > 0 ? { ...world, adrift: [...world.adrift, ...flying] } : world, runs: [] };
}

/** The state itself, and each that comes of it when some or all of what is on its way lands, in any order. */
function landed(game: Pick<Game, "skew">, state: State): State[] {
  return [
    state,
    ...state.world.adrift.flatMap((one) => landings(game, state, one).flatMap(({ to }) => landed(game, to))),
  ];
}
