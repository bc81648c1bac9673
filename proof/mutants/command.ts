import { mkdtemp, rm } from "node:fs/promises";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { readOptions } from "../../scripts/command-line.ts";
import { type Edits, MUTANTS, type Mutant } from "./mutants.ts";
import { type Caught, nameOf } from "./places.ts";
import type { Bounds, Looking } from "./search.ts";
import { tryOut } from "./try-out.ts";

const HELP = `Plants faults in the rotation, one at a time, and shows which check catches each.

  npm run proof -- mutants                          all, each where it is known to be caught
  npm run proof -- mutants --only "grace"           those whose name contains it
  npm run proof -- mutants --search                 wherever each is caught first: takes long
  npm run proof -- mutants --seeds 20 --states 100000
                                                    how far to search, also for those that are not caught any more
                                                    where they are known to be
  npm run proof -- mutants --help                   this text

Exit code 0 when every planted fault was caught, each by a promise that it really breaks, and the product itself was
not, wherever one of them is.
`;

const OPTIONS = {
  only: { type: "string", default: "" },
  search: { type: "boolean", default: false },
  seeds: { type: "string", default: "10" },
  states: { type: "string", default: "20000" },
} as const;

/** A mutant, or the product itself, which breaks nothing, and where to look. */
interface Trial extends Edits, Looking {
  breaks: Mutant["breaks"];
}

const PRODUCT = { name: "(the product itself)", breaks: [], edits: [] };

export async function run(): Promise<number | undefined> {
  const values = readOptions({ help: HELP, options: OPTIONS });
  if (!values) return undefined;
  const bounds = { seeds: Number(values.seeds), states: Number(values.states) };
  const mutants = MUTANTS.filter(({ name }) => name.includes(values.only));
  return tryAll(values.search ? searching(mutants, bounds) : knowing(mutants, bounds));
}

function searching(mutants: readonly Mutant[], search: Bounds): Trial[] {
  return [PRODUCT, ...mutants].map((one) => ({ ...one, first: undefined, search }));
}

/** The product is looked at wherever a mutant is noticed. */
function knowing(mutants: readonly Mutant[], search: Bounds): Trial[] {
  const places = new Map(mutants.map(({ noticedIn }) => [nameOf(noticedIn), noticedIn]));
  const product = [...places].map(([where, first]) => {
    return { ...PRODUCT, name: `${PRODUCT.name}, ${where}`, first, search: undefined };
  });
  return [...product, ...mutants.map((mutant) => ({ ...mutant, first: mutant.noticedIn, search }))];
}

/** One at a time for each core. */
async function tryAll(trials: readonly Trial[]): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), "openmetadata-entra-mutants-"));
  try {
    let wrong = 0;
    const left = [...trials.entries()];
    const worker = async (): Promise<void> => {
      for (let next = left.shift(); next; next = left.shift()) {
        const [index, trial] = next;
        const { first, search } = trial;
        const began = performance.now();
        const caught = await tryOut(trial, { first, search, outfile: join(folder, `${index}.mjs`) });
        const right = isRight(trial, caught);
        if (!right) wrong += 1;
        tell(trial, caught, { right, seconds: (performance.now() - began) / 1000 });
      }
    };
    await Promise.all(Array.from({ length: availableParallelism() }, worker));
    process.stdout.write(`\n${trials.length} tried, ${wrong} not as they should be\n`);
    return wrong === 0 ? 0 : 1;
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Noticed by a promise that it really breaks; nothing may be noticed in the product itself. */
function isRight({ breaks }: Trial, caught: Caught): boolean {
  if (!caught) return breaks.length === 0;
  return caught.promise !== undefined && breaks.includes(caught.promise);
}

function tell({ name, first }: Trial, caught: Caught, { right, seconds }: { right: boolean; seconds: number }): void {
  const verdict = right ? "ok  " : "FAIL";
  const how = caught ? `${caught.promise ?? "nothing judged"}, by ${caught.check}` : "no promise broken";
  process.stdout.write(`${verdict} ${name}: ${how} (${seconds.toFixed(1)} s)\n`);
  if (!right && caught?.told) process.stdout.write(`     ${caught.told}\n`);
  if (first && caught?.promise && caught.check !== nameOf(first))
    process.stdout.write(`     not any more by ${nameOf(first)}: its noticedIn is to be changed\n`);
}
