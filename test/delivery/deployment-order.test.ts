import { describe, expect, it } from "vitest";
import { begun, worklist } from "../../shared/delivery/deployment-order.ts";
import type { Progress } from "../../shared/rotation/progress.ts";

const pipelines = (ids: string) => [...ids].map((id) => ({ id, name: `pipeline ${id}`, deployed: true }));
const left = (progress: Partial<Progress>, ids = "dacb") =>
  worklist(pipelines(ids), { of: "v1", from: "a", failed: [], ...progress })
    .map(({ id }) => id)
    .join("");

describe("a delivery begins", () => {
  it.each([
    [0, "a"],
    [3, "d"],
    [6, "c"],
  ])("at turn %i with pipeline %s, in the order of ids", (at, from) => {
    expect(begun(pipelines("dacb"), { of: "v1", at })).toEqual({ of: "v1", from, failed: [] });
  });

  it("with none where there is none, and with the state of the bot's user where that is told", () => {
    expect(begun([], { of: "v1", at: 3, as: 0 })).toEqual({ of: "v1", from: "", failed: [], as: 0 });
  });
});

describe("what is left of a delivery", () => {
  it.each<[what: string, progress: Partial<Progress>, ids: string]>([
    ["nothing was tried", {}, "abcd"],
    ["nothing was tried, and it began at c", { from: "c" }, "cdab"],
    ["those up to b were tried", { upTo: "b" }, "cd"],
    ["those from c on were tried", { from: "c", upTo: "d" }, "ab"],
    ["those from c round to a were tried", { from: "c", upTo: "a" }, "b"],
    ["all were tried", { upTo: "d" }, ""],
    ["a failed and was tried first", { upTo: "b", failed: [{ id: "a", times: 1 }] }, "cda"],
    ["one that is gone failed", { upTo: "b", failed: [{ id: "x", times: 1 }] }, "cd"],
  ])("where %s (%j): %s", (_, progress, ids) => {
    expect(left(progress)).toBe(ids);
  });

  it("is what has come since, and not what is gone", () => {
    expect(left({ from: "b", upTo: "d" }, "aef")).toBe("efa");
  });
});
