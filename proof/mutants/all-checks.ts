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

/** As the seed draws it, and one full of leaks reported within minutes, with Entra's clock ahead of ours. */
const YEARS: Record<string, Partial<Profile>> = {
  "": {},
  ", leaks": {
    ...QUIET,
    asks: 300,
    leaks: 1,
    entra: { ...QUIET.entra, ahead: [3 * MINUTE, 3 * MINUTE + 1] },
  },
};

/** Runs the checks, the quickest first, until one of them notices that a promise is broken. */
export async function check({ seeds, states }: Bounds): Promise<Caught> {
  const crashes = await crashPoints({ hasty: true });
  const [point] = crashes.broken;
  if (point) {
    const where = `${point.scenario}: ${point.request}, ${point.crash}`;
    return { check: `crash point (${where})`, promise: point.broken.promise, told: point.broken.what };
  }
  for (let seed = 1; seed <= seeds; seed += 1) {
    for (const [kind, change] of Object.entries(YEARS)) {
      const { broken } = await simulate({ seed, change });
      if (broken) return { check: `simulation, seed ${seed}${kind}`, promise: broken.promise, told: broken.what };
    }
  }
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
