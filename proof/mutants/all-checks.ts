import { MINUTE } from "../../shared/limits.ts";
import { modelCheck } from "../model/model-check.ts";
import type { PromiseName } from "../promises.ts";
import { crashPoints } from "../simulation/crash-points.ts";
import { type Profile, QUIET } from "../simulation/profile.ts";
import { simulate } from "../simulation/year.ts";

/** How a check noticed a planted fault, and by which promise, unless it only stopped; undefined when it did not. */
export type Caught = { check: string; promise: PromiseName | undefined; told: string } | undefined;

/** How far to look: seeds of a simulated year, and states of each scenario of the model (0: not at all). */
export interface Bounds {
  seeds: number;
  states: number;
}

/**
 * As the seed draws it; one full of leaks reported within minutes, with Entra's clock ahead of ours; the timer dead, and
 * messages that come twice; slow pipelines that fail, and leaks on top; deployments in trouble beside one that is not.
 */
export const YEARS: Record<string, { days: number; change: Partial<Profile> }> = {
  "": { days: 365, change: {} },
  ", leaks": {
    days: 365,
    change: { ...QUIET, asks: 300, leaks: 1, entra: { ...QUIET.entra, ahead: [3 * MINUTE, 3 * MINUTE + 1] } },
  },
  ", no timer": {
    days: 100,
    change: { ...QUIET, isPunctual: true, timerStops: 0.02, queue: { ...QUIET.queue, doubled: 0.3 } },
  },
  ", slow pipelines": {
    days: 60,
    change: {
      ...QUIET,
      pipelines: 12,
      deploymentTakes: 24_000,
      failingDeployments: 0.1,
      asks: 60,
      leaks: 0.5,
      queue: { ...QUIET.queue, doubled: 0.3 },
    },
  },
  ", neighbours": { days: 90, change: { company: "neighbours" } },
};

/** So many seeds come before the crash points, which take longer. */
const FIRST_SEEDS = 2;

/** Runs the checks, the quickest first, until one of them notices that a promise is broken. */
export async function check({ seeds, states }: Bounds): Promise<Caught> {
  const first = Math.min(FIRST_SEEDS, seeds);
  return (
    (await byYears(1, first)) ?? (await byCrashPoints()) ?? (await byYears(first + 1, seeds)) ?? (await byModel(states))
  );
}

async function byCrashPoints(): Promise<Caught> {
  const { broken } = await crashPoints({ hasty: true });
  const [point] = broken;
  if (!point) return undefined;
  const where = `${point.scenario}: ${point.request}, ${point.crash}`;
  return { check: `crash point (${where})`, promise: point.broken.promise, told: point.broken.what };
}

async function byYears(from: number, to: number): Promise<Caught> {
  for (let seed = from; seed <= to; seed += 1) {
    for (const [kind, { days, change }] of Object.entries(YEARS)) {
      const { broken } = await simulate({ seed, days, change });
      if (broken) return { check: `simulation, seed ${seed}${kind}`, promise: broken.promise, told: broken.what };
    }
  }
  return undefined;
}

async function byModel(states: number): Promise<Caught> {
  const { scenarios } = states > 0 ? await modelCheck({ states }) : { scenarios: [] };
  for (const { name, violations } of scenarios) {
    const [first] = violations;
    if (first) return { check: `model, "${name}"`, promise: first.breach.promise, told: first.breach.rule };
  }
  return undefined;
}

/** As a process of its own: bounds as arguments, the finding as one line of JSON. */
export async function run(): Promise<void> {
  const [seeds, states] = process.argv.slice(2).map(Number);
  const caught = await check({ seeds: seeds ?? 10, states: states ?? 50_000 });
  process.stdout.write(`${JSON.stringify(caught ?? null)}\n`);
}
