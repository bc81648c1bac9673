import { HOUR, MINUTE } from "../../shared/limits.ts";
import { modelCheck } from "../model/model-check.ts";
import type { PromiseName } from "../promises.ts";
import { crashPoints } from "../simulation/crash-points.ts";
import type { Crash } from "../simulation/crash-weather.ts";
import { type Profile, QUIET } from "../simulation/profile.ts";
import { simulate } from "../simulation/year.ts";

/** One thing to look at: a simulated year, the crash points of a scenario, or a scenario of the model. */
export type Place =
  | { kind: "year"; like: YearKind; seed: number }
  | { kind: "crash points"; of: string; crash?: Crash }
  | { kind: "model"; of: string; states: number };

/** Where a planted fault was noticed, and by which promise, unless the check only stopped; undefined when it was not. */
export type Caught = { check: string; promise: PromiseName | undefined; told: string } | undefined;

const SLOW = {
  ...QUIET,
  deploymentTakes: 24_000,
  failingDeployments: 0.1,
  asks: 60,
  queue: { ...QUIET.queue, doubled: 0.3 },
} as const;

/**
 * As the seed draws it; one full of leaks reported within minutes, with Entra's clock ahead of ours; the timer dead, and
 * messages that come twice; slow pipelines that fail, and leaks on top; secrets that work only after half a day; more
 * pipelines than one run can deploy; deployments in trouble beside one that is not; the same without a queue, one of them
 * failing nearly always.
 */
export const YEARS = {
  drawn: { days: 365, change: {} },
  leaks: {
    days: 365,
    change: { ...QUIET, asks: 300, leaks: 1, entra: { ...QUIET.entra, ahead: [3 * MINUTE, 3 * MINUTE + 1] } },
  },
  "no timer": {
    days: 100,
    change: { ...QUIET, isPunctual: true, timerStops: 0.02, queue: { ...QUIET.queue, doubled: 0.3 } },
  },
  "slow pipelines": { days: 60, change: { ...SLOW, pipelines: 12, leaks: 0.5 } },
  "slow Entra": { days: 30, change: { ...QUIET, asks: 60, entra: { ...QUIET.entra, replication: 12 * HOUR } } },
  "many pipelines": { days: 10, change: { ...SLOW, pipelines: 60 } },
  neighbours: { days: 90, change: { company: "neighbours" } },
  "no queue": {
    days: 90,
    change: { ...QUIET, company: "neighbours", failingDeployments: 0.9, queue: { ...QUIET.queue, down: true } },
  },
} as const satisfies Record<string, { days: number; change: Partial<Profile> }>;

export type YearKind = keyof typeof YEARS;

/** Looks at one place. */
export async function lookAt(place: Place): Promise<Caught> {
  const check = nameOf(place);
  switch (place.kind) {
    case "year": {
      const { broken } = await simulate({ seed: place.seed, ...YEARS[place.like] });
      return broken && { check, promise: broken.promise, told: broken.what };
    }
    case "crash points": {
      const [point] = (await crashPoints({ only: place.of, crash: place.crash, hasty: true })).broken;
      if (!point) return undefined;
      const { promise, what: told } = point.broken;
      return { check, promise, told: `${told} (${point.request}, ${point.crash})` };
    }
    case "model": {
      const { scenarios } = await modelCheck({ scenarios: [place.of], states: place.states });
      const first = scenarios[0]?.violations[0];
      return first && { check, promise: first.breach.promise, told: first.breach.rule };
    }
  }
}

/** As the report tells it. */
export function nameOf(place: Place): string {
  switch (place.kind) {
    case "year":
      return `simulation, seed ${place.seed}, ${place.like}`;
    case "crash points":
      return `crash points, "${place.of}"${place.crash ? `, ${place.crash}` : ""}`;
    case "model":
      return `model, "${place.of}"`;
  }
}
