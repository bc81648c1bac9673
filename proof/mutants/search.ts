import { SCENARIOS as MODELLED } from "../model/scenarios.ts";
import { SCENARIOS as STRUCK } from "../simulation/crash-scenarios.ts";
import { type Caught, lookAt, type Place, YEARS, type YearKind } from "./places.ts";

/** How far to look: seeds of each kind of year, and states of each scenario of the model (0: not at all). */
export interface Bounds {
  seeds: number;
  states: number;
}

/** What a process of its own is told: where to look first, and how far to search where nothing is noticed there. */
export interface Looking {
  first: Place | undefined;
  search: Bounds | undefined;
}

/** So many seeds come before the crash points, which take longer. */
const FIRST_SEEDS = 2;

/** Looks until one of the checks notices that a promise is broken. */
async function look(looking: Looking): Promise<Caught> {
  for (const place of route(looking)) {
    const caught = await lookAt(place);
    if (caught) return caught;
  }
  return undefined;
}

/** Where to look, in this order, until something is noticed. */
export function route({ first, search }: Looking): Place[] {
  return [...(first ? [first] : []), ...(search ? everywhere(search) : [])];
}

/** Whatever there is to look at, the quickest first. */
function everywhere({ seeds, states }: Bounds): Place[] {
  const first = Math.min(FIRST_SEEDS, seeds);
  return [
    ...years(1, first),
    ...STRUCK.map(({ name }): Place => ({ kind: "crash points", of: name })),
    ...years(first + 1, seeds),
    ...(states > 0 ? MODELLED.map(({ name }): Place => ({ kind: "model", of: name, states })) : []),
  ];
}

function years(from: number, to: number): Place[] {
  const kinds = Object.keys(YEARS) as YearKind[];
  const seeds = Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => from + index);
  return seeds.flatMap((seed) => kinds.map((like): Place => ({ kind: "year", like, seed })));
}

/** As a process of its own: told as an argument, the finding as one line of JSON. */
export async function run(): Promise<void> {
  const caught = await look(JSON.parse(process.argv[2] ?? "{}") as Looking);
  process.stdout.write(`${JSON.stringify(caught ?? null)}\n`);
}
