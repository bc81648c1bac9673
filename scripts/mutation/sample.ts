import { createHash } from "node:crypto";
import { relative } from "node:path";

/** What Stryker tells a checker of a mutant: https://stryker-mutator.io/docs/stryker-js/plugins/ */
interface Mutant {
  id: string;
  fileName: string;
  mutatorName: string;
  replacement: string;
  location: unknown;
}

type Verdict = { status: "passed" } | { status: "compileError"; reason: string };

/**
 * Lets through `size` of the mutants, drawn evenly by `seed` from all of them: a mutant's place in the draw follows from what
 * it changes and where, so that the same seed draws the same ones for as long as the lines stay what they are.
 */
export function draw(mutants: Mutant[], { size, seed }: { size: number; seed: string }): Record<string, Verdict> {
  const lot = ({ fileName, mutatorName, replacement, location }: Mutant) =>
    createHash("sha256")
      .update(JSON.stringify([seed, relative(process.cwd(), fileName), mutatorName, replacement, location]))
      .digest("hex");
  const drawn = mutants
    .map(({ id }, at) => ({ id, lot: lot(mutants[at] as Mutant) }))
    .sort((one, other) => (one.lot < other.lot ? -1 : 1))
    .slice(0, size);
  const chosen = new Set(drawn.map(({ id }) => id));
  return Object.fromEntries(
    mutants.map(({ id }) => [
      id,
      chosen.has(id) ? { status: "passed" } : { status: "compileError", reason: "not drawn" },
    ]),
  );
}

/** Stryker hands over all mutants at once, before it asks which of them a test passes through. */
const sample = {
  init: async () => {},
  group: async (mutants: Mutant[]) => [mutants.map(({ id }) => id)],
  check: async (mutants: Mutant[]) =>
    draw(mutants, { size: Number(process.env.MUTATION_SAMPLE), seed: process.env.MUTATION_SEED ?? "" }),
};

/** A checker rules mutants out before they are tried; Stryker knows only compile errors as a reason, and leaves them out of the score. */
export const strykerPlugins = [{ kind: "Checker", name: "sample", value: sample }];
