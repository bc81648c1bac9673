import { describe, expect, it } from "vitest";
import { crashPoints } from "../../../proof/simulation/crash-points.ts";
import { simulate } from "../../../proof/simulation/simulate.ts";

describe("a simulated year with random faults", () => {
  // `npm run simulate` plays hundreds.
  it.each(Array.from({ length: 6 }, (_, index) => index + 1))("of seed %i breaks no promise", async (seed) => {
    const { broken, history, signIns, outages } = await simulate({ seed });
    expect(broken, history.slice(-40).join("\n")).toBeUndefined();
    expect(signIns.made).toBeGreaterThan(50_000);
    if (outages.length === 0) expect(signIns.refused).toBe(0);
  });

  it("is the same whenever it is run", async () => {
    const years = await Promise.all([simulate({ seed: 7, days: 90 }), simulate({ seed: 7, days: 90 })]);
    expect(years[0]?.history).toEqual(years[1]?.history);
  });
});

describe("a request that is struck", () => {
  // `npm run simulate -- --crash-points` strikes the other rotations too.
  it("in any way, at any point of an emergency, breaks no promise, and two runs bring what is due", async () => {
    const { points, broken } = await crashPoints({ only: "an emergency that revokes the old one" });
    expect(
      broken.map(({ scenario, request, crash, broken: why }) => `${scenario}: ${request}, ${crash}: ${why.what}`),
    ).toEqual([]);
    expect(Object.values(points).reduce((sum, one) => sum + one, 0)).toBeGreaterThan(900);
  }, 60_000);
});
