import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { MUTANTS } from "../../proof/mutants/mutants.ts";
import { nameOf, type Place, YEARS } from "../../proof/mutants/places.ts";
import { route } from "../../proof/mutants/search.ts";

const edits = MUTANTS.flatMap(({ name, edits }) => edits.map((edit) => [name, edit] as const));

it.each(edits)('the mutant "%s" can still be planted', (_name, { file, find }) => {
  const text = readFileSync(new URL(`../../${file}`, import.meta.url), "utf8");
  expect(text.split(find)).toHaveLength(2);
});

describe("where a mutant is known to be noticed", () => {
  const search = { seeds: 100, states: 20_000 };

  it("is somewhere that a search comes to as well", () => {
    const where = (place: Place): string => (place.kind === "crash points" ? place.of : nameOf(place));
    const places = new Set(route({ first: undefined, search }).map(where));
    const unknown = MUTANTS.map(({ noticedIn }) => where(noticedIn)).filter((name) => !places.has(name));
    expect(unknown).toEqual([]);
  });

  it("is looked at first, and everywhere else only where nothing is noticed there", () => {
    const first = { kind: "model", of: "person-tags", states: 2_000 } as const;
    const [begins, ...goesOn] = route({ first, search: { seeds: 3, states: 20_000 } });
    expect(begins).toEqual(first);
    expect(goesOn).toEqual(route({ first: undefined, search: { seeds: 3, states: 20_000 } }));
    expect(route({ first, search: undefined })).toEqual([first]);
  });
});

describe("a search", () => {
  it("plays two seeds of every kind of year, then strikes every request, then plays the others, then asks the model", () => {
    const kinds = route({ first: undefined, search: { seeds: 3, states: 20_000 } }).map(({ kind }) => kind);
    expect(kinds.filter((kind, index) => kind !== kinds[index - 1])).toEqual(["year", "crash points", "year", "model"]);
    expect(kinds.indexOf("crash points")).toBe(2 * Object.keys(YEARS).length);
  });

  it("leaves out the model where it may visit no state", () => {
    expect(route({ first: undefined, search: { seeds: 1, states: 0 } }).map(({ kind }) => kind)).not.toContain("model");
  });
});
