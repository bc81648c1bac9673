import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { MUTANTS } from "../../proof/mutants/mutants.ts";

const edits = MUTANTS.flatMap(({ name, edits }) => edits.map((edit) => [name, edit] as const));

it.each(edits)('the mutant "%s" can still be planted', (_name, { file, find }) => {
  const text = readFileSync(new URL(`../../${file}`, import.meta.url), "utf8");
  expect(text.split(find)).toHaveLength(2);
});
