import { describe, expect, it } from "vitest";
import { crashPoints } from "../../../proof/simulation/crash-points.ts";
import type { Tamper } from "../../../proof/simulation/deployed.ts";
import { shrink } from "../../../proof/simulation/shrink.ts";
import { simulate } from "../../../proof/simulation/year.ts";

describe("a simulated year with random faults", () => {
  // `npm run proof -- simulation` plays hundreds.
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

describe("a year that breaks a promise", () => {
  it("is one in which the app fails by an error that is not its own", async () => {
    const fail = async (): Promise<never> => {
      throw new TypeError("Cannot read properties of undefined");
    };
    const { broken } = await simulate({
      seed: 1,
      days: 1,
      tamper: (ports) => ({ ...ports, staged: { ...ports.staged, announce: fail } }),
    });
    expect(broken?.promise).toBe("no unexpected failure");
  });

  it("shrinks to the misfortunes that were decisive", async () => {
    // Whoever asks again when an answer got lost has two secrets of one name.
    const tamper: Tamper = (ports) => {
      const { issue } = ports.credentials;
      const again: typeof issue = (...wanted) => issue(...wanted).catch(() => issue(...wanted));
      return { ...ports, credentials: { ...ports.credentials, issue: again } };
    };
    const report = await simulate({ seed: 6, days: 30, tamper });
    expect(report.broken?.promise).toBe("recoverable or inert");
    const { broken, misfortunes } = await shrink(report, { tamper });
    expect(broken?.promise).toBe("recoverable or inert");
    // Many only bring the moment at which the answer is lost.
    expect(misfortunes.length).toBeLessThan(report.misfortunes.length / 2);
    expect(misfortunes.at(-1)).toMatch(/issue a client secret .*: (5xx after|answer lost)$/);
  }, 60_000);
});

describe("a request that is struck", () => {
  // `npm run proof -- simulation --crash-points` strikes the other rotations too.
  it("in any way, at any point of an emergency, breaks no promise, and two runs bring what is due", async () => {
    const { points, broken } = await crashPoints({ only: "an emergency that revokes the old one" });
    expect(
      broken.map(({ scenario, request, crash, broken: why }) => `${scenario}: ${request}, ${crash}: ${why.what}`),
    ).toEqual([]);
    expect(Object.values(points).reduce((sum, one) => sum + one, 0)).toBeGreaterThan(900);
  }, 60_000);
});
