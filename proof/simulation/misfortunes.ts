import { type Chance, chanceFor } from "./chance.ts";

/**
 * Whatever a seed brings that need not have been: troubles of requests, disasters, people, calls, unpleasant habits of
 * services. Each can be left out without another one coming or going by that.
 */
export interface Misfortunes {
  /** Does this one happen? */
  befalls(what: string): boolean;
  chance(what: string): Chance;
  /** Those that happened, in order. */
  happened: readonly string[];
  /** Those of one of several deployments, with its name before theirs. */
  of(deployment: string): Misfortunes;
}

/** @param only leaves out all others; without it all happen */
export function misfortunesOf(seed: number, only?: ReadonlySet<string>): Misfortunes {
  const happened: string[] = [];
  const all: Misfortunes = {
    happened,
    chance: (what) => chanceFor(seed, what),
    befalls(what) {
      if (only && !only.has(what)) return false;
      happened.push(what);
      return true;
    },
    of: (deployment) => ({
      ...all,
      chance: (what) => all.chance(`${deployment} ${what}`),
      befalls: (what) => all.befalls(`${deployment} ${what}`),
    }),
  };
  return all;
}
