import { describe, expect, it } from "vitest";
import { modelCheck } from "../../../proof/model/model-check.ts";
import { SCENARIOS, type Scenario } from "../../../proof/model/scenarios.ts";
import { delivered, due } from "../../../proof/model/starting-worlds.ts";
import { UpstreamError } from "../../../shared/errors.ts";
import { deliverCurrent } from "../../../shared/rotation/client-secret/push.ts";
import { rotate } from "../../../shared/rotation/client-secret/rotate.ts";

/** `npm run proof -- model` looks further. */
const NEAR = 2_500;

describe("whatever runs, events, crashes and people do in whatever order", () => {
  it.each(SCENARIOS.map(({ name, about }) => [name, about]))("no promise is broken: %s, %s", async (name) => {
    const { scenarios } = await modelCheck({ scenarios: [name], states: NEAR });
    expect(scenarios.flatMap(({ violations }) => violations)).toEqual([]);
    expect(scenarios[0]?.states).toBeGreaterThanOrEqual(NEAR);
  });
});

describe("the model check", () => {
  const small: Scenario = { name: "small", about: "due; a crash", start: due({ timers: 2, crashes: 1 }), needed: 0 };

  it("finds that what is retired too early locks the consumer out, and tells the way there", async () => {
    const code = {
      rotate: (ports, order) => rotate(ports, { ...order, policy: { ...order.policy, overlapDays: 0 } }),
      deliverCurrent,
      UpstreamError,
    } satisfies NonNullable<Parameters<typeof modelCheck>[0]>["code"];
    // A run confirms, looks at what is current, and only then retires: far from the start, so that little else may happen.
    const straight: Scenario = { name: "straight", about: "delivered", start: delivered({ timers: 2 }), needed: 0 };
    const { ok, scenarios } = await modelCheck({ code, scenarios: [straight] });
    const [found] = scenarios.flatMap(({ violations }) => violations);
    expect([ok, found?.breach.promise]).toEqual([false, "no early retirement"]);
    expect(found?.story.at(-1)).toMatch(/removes k1 at Entra/);
  });

  it("finds that a run that keeps for good what it has read as current notes an old secret as delivered", async () => {
    const code = {
      rotate(ports, order) {
        const kept = ports.current.latest();
        return rotate({ ...ports, current: { ...ports.current, latest: () => kept } }, order);
      },
      deliverCurrent,
      UpstreamError,
    } satisfies NonNullable<Parameters<typeof modelCheck>[0]>["code"];
    const overtaken: Scenario = {
      name: "overtaken",
      about: "due; an event",
      start: due({ calls: 1, handlers: 1 }),
      needed: 0,
    };
    const { scenarios } = await modelCheck({ code, scenarios: [overtaken], states: 20_000 });
    expect(scenarios.flatMap(({ violations }) => violations.map(({ breach }) => breach.rule))).toContain(
      "all runs have ended, and what is noted as delivered is not what the consumer holds",
    );
  });

  // A run goes by what it has kept until it has read all anew, a list that was out of date among it.
  it.each<Pick<Scenario, "about" | "start" | "splitReads">>([
    { about: "what is due", start: small.start },
    { about: "reads at different moments", start: small.start, splitReads: true },
    { about: "a list out of date", start: due({ timers: 2, stale: 1 }) },
    { about: "what is retired", start: delivered({ timers: 2 }) },
  ])("reaches the same worlds when it takes no two beginnings of a run for the same: $about", async (change) => {
    const scenarios = [{ ...small, ...change }];
    const [merged, exact] = await Promise.all([
      modelCheck({ scenarios, depth: 13 }),
      modelCheck({ scenarios, depth: 13, exact: true }),
    ]);
    const [one, other] = [merged.scenarios[0], exact.scenarios[0]];
    expect(one?.rested).toEqual(other?.rested);
    expect(Object.keys(one?.did ?? {}).sort()).toEqual(Object.keys(other?.did ?? {}).sort());
    expect(one?.states).toBeLessThanOrEqual(other?.states ?? 0);
  });
});
