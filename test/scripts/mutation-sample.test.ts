import { describe, expect, it } from "vitest";
import { draw } from "../../scripts/mutation/sample.ts";

const mutants = Array.from({ length: 100 }, (_, line) => ({
  id: String(line),
  fileName: `${process.cwd()}/shared/some.ts`,
  mutatorName: "StringLiteral",
  replacement: '""',
  location: { start: { line, column: 0 }, end: { line, column: 9 } },
}));

const drawn = (from: typeof mutants, seed: string) =>
  Object.entries(draw(from, { size: 10, seed }))
    .filter(([, { status }]) => status === "passed")
    .map(([id]) => id);

describe("a draw of mutants", () => {
  it("lets through as many as were asked for, and says of every other that it was not drawn", () => {
    const all = draw(mutants, { size: 10, seed: "0" });
    expect(Object.keys(all)).toHaveLength(100);
    expect(drawn(mutants, "0")).toHaveLength(10);
    expect(Object.values(all).find(({ status }) => status !== "passed")).toEqual({
      status: "compileError",
      reason: "not drawn",
    });
  });

  it("is the same for a seed, in whatever order they come, and another for another seed", () => {
    expect(drawn(mutants.toReversed(), "0")).toEqual(drawn(mutants, "0"));
    expect(drawn(mutants, "1")).not.toEqual(drawn(mutants, "0"));
  });

  it("lets all through where there are fewer", () => {
    expect(drawn(mutants.slice(0, 3), "0")).toEqual(["0", "1", "2"]);
  });
});
