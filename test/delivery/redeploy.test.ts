import { describe, expect, it } from "vitest";
import { unitOf } from "../../shared/engine/message.ts";
import { DAY, EVENT_BUDGET, MINUTE, SECOND, UNIT_BUDGET } from "../../shared/limits.ts";
import type { Progress } from "../../shared/rotation/progress.ts";
import { slowServer } from "./slow-server.ts";

/** Runs, each with what the one before has left, until all is deployed; answers how many runs that took. */
async function untilDeployed(server: ReturnType<typeof slowServer>, budget: number): Promise<number> {
  let told: Progress | undefined;
  for (let runs = 1; runs < 1000; runs += 1) {
    const { outcome, left } = await server.run({ budget, told });
    if (!(outcome instanceof Error) && outcome.kind === "deployed") return runs;
    told = left;
    server.time = Math.max(server.time, left?.lookOn.getTime() ?? 0);
  }
  throw new Error("never");
}

/** What a message carries of it to the next run. */
function asInMessage({ lookOn: _, ...progress }: Progress & { lookOn: Date }): Progress | undefined {
  const named = { deployment: "blue", credential: "bot-token" } as const;
  return unitOf(named, { until: new Date(0), progress }).progress;
}

describe("redeploy()", () => {
  it("deploys 500 pipelines of 12 s each, each of them once, in runs of eight minutes", async () => {
    const server = slowServer({ pipelines: 500, takes: 12 * SECOND });
    const runs = await untilDeployed(server, UNIT_BUDGET);
    expect(server.all.map(({ id }) => server.times(id)).filter((times) => times !== 1)).toEqual([]);
    expect(runs).toBeLessThanOrEqual(15);
  });

  it("gives a call time for each pipeline in it, and never more than is left", async () => {
    const server = slowServer({ pipelines: 60, takes: 12 * SECOND });
    const endsOn = server.time + UNIT_BUDGET;
    await server.run({ budget: UNIT_BUDGET });
    for (const { ids, on, deadline } of server.calls) {
      expect(deadline).toBeLessThanOrEqual(endsOn - on);
      expect(deadline).toBeGreaterThanOrEqual(ids.length * 12 * SECOND);
    }
  });

  it("leaves alone what was never deployed", async () => {
    const server = slowServer({ pipelines: 3, takes: 0 });
    for (const one of server.all.slice(1, 2)) Object.assign(one, { deployed: false });
    expect(await server.run({ budget: UNIT_BUDGET })).toMatchObject({ outcome: { kind: "deployed", pipelines: 2 } });
    expect(server.all.map(({ id }) => server.times(id))).toEqual([1, 0, 1]);
  });

  it("deploys with one call what deploys fast", async () => {
    const server = slowServer({ pipelines: 20, takes: 0 });
    expect(await server.run({ budget: UNIT_BUDGET })).toMatchObject({ outcome: { kind: "deployed", pipelines: 20 } });
    expect(server.calls).toHaveLength(1);
  });

  it("comes further in every run, however short: one pipeline at least", async () => {
    const server = slowServer({ pipelines: 5, takes: 18 * SECOND });
    expect(await untilDeployed(server, EVENT_BUDGET)).toBe(5);
    expect(server.all.map(({ id }) => server.times(id))).toEqual([1, 1, 1, 1, 1]);
  });

  it("goes down to single pipelines where a call comes to no end, and passes over the one that hangs", async () => {
    const server = slowServer({ pipelines: 16, takes: SECOND });
    server.slow.set("0007", DAY);
    const { outcome, left } = await server.run({ budget: 60 * MINUTE });
    expect(outcome).toMatchObject({ message: expect.stringContaining("1 of 16 pipelines") });
    expect(left?.failed).toEqual([{ id: "0007", times: 1 }]);
    expect(server.log.filter((line) => line.endsWith("was deployed"))).toHaveLength(15);
  });

  it.each([25, 60, 150])("delivers to 40 pipelines of %i s each, in the runs that there are", async (takes) => {
    const server = slowServer({ pipelines: 40, takes: takes * SECOND });
    const since = server.time;
    await untilDeployed(server, UNIT_BUDGET);
    expect(server.time - since).toBeLessThan(DAY);
    expect(Math.max(...server.all.map(({ id }) => server.times(id)))).toBeLessThanOrEqual(10);
  });

  it.each([16, 60])(
    "lets one of %i that hangs delay the others by two runs, whichever comes next",
    async (pipelines) => {
      const server = slowServer({ pipelines, takes: SECOND });
      server.slow.set("0007", DAY);
      let told: Progress | undefined;
      for (let runs = 0; runs < 4; runs += 1) told = (await server.run({ budget: UNIT_BUDGET, told })).left;
      expect(told?.failed.map(({ id }) => id)).toEqual(["0007"]);
      expect(new Set(server.log.filter((line) => line.endsWith("was deployed"))).size).toBe(pipelines - 1);
    },
  );

  it.each([0, 502, 504])("tries fewer at once where a gateway ends a call after a minute with %i", async (status) => {
    const server = slowServer({ pipelines: 40, takes: 12 * SECOND });
    server.gateway = { status, after: MINUTE };
    expect(await untilDeployed(server, UNIT_BUDGET)).toBeLessThanOrEqual(4);
  });

  it("takes a server that is gone for gone, and tries nothing more", async () => {
    const server = slowServer({ pipelines: 40, takes: MINUTE });
    server.gateway = { status: 0, after: SECOND };
    const { outcome, left } = await server.run({ budget: UNIT_BUDGET });
    expect(outcome).toMatchObject({ message: "hung up" });
    expect([server.calls.length, left]).toEqual([1, undefined]);
  });

  it("tries many that hang a few times a day each, and none more often because others wait", async () => {
    const server = slowServer({ pipelines: 40, takes: DAY });
    let told: Progress | undefined;
    const since = server.time;
    while (server.time < since + 10 * DAY) {
      const { left } = await server.run({ budget: UNIT_BUDGET, told });
      told = left;
      server.time = Math.max(server.time, left?.lookOn.getTime() ?? 0);
    }
    const alone = server.calls.filter(({ ids }) => ids.length === 1);
    const times = server.all.map(({ id }) => alone.filter(({ ids }) => ids.includes(id)).length);
    expect(Math.max(...times) - Math.min(...times)).toBeLessThanOrEqual(1);
    expect(Math.max(...times)).toBeLessThanOrEqual(4 * 10 + 3);
  });

  it("forgets none of 500 that fail, though a message names no more than 300, and spares the server that fails them", async () => {
    const server = slowServer({ pipelines: 500, takes: SECOND });
    for (const { id } of server.all) server.broken.add(id);
    const since = server.time;
    let told: Progress | undefined;
    while (server.time < since + DAY) {
      const { outcome, left } = await server.run({ budget: UNIT_BUDGET, told });
      if (outcome instanceof Error) {
        expect(outcome.message).toMatch(/^Cannot push: 500 of 500 pipelines .*"pipeline \d+", and 480 more$/);
      }
      told = left && asInMessage(left);
      server.time = Math.max(server.time, left?.lookOn.getTime() ?? 0);
    }
    expect(Math.max(...server.all.map(({ id }) => server.times(id)))).toBeLessThanOrEqual(10);
    server.broken.clear();
    server.calls.length = 0;
    for (let runs = 0; runs < 3 && told; runs += 1) {
      const { left } = await server.run({ budget: UNIT_BUDGET, told });
      told = left && asInMessage(left);
    }
    expect(server.all.filter(({ id }) => server.times(id) === 0)).toEqual([]);
  });

  it("says how many are deployed where it runs out of time, and goes on at once", async () => {
    const server = slowServer({ pipelines: 5, takes: 18 * SECOND });
    const { outcome, left } = await server.run({ budget: EVENT_BUDGET });
    const on = new Date(server.time);
    expect(outcome).toEqual({
      kind: "waiting",
      code: "out-of-time",
      because: "out of time after deploying 1 of 5 pipelines",
      lookOn: on,
    });
    expect(left?.lookOn).toEqual(on);
    const none = await server.run({ budget: 0, told: left });
    expect(none.outcome).toMatchObject({ because: "out of time after deploying 1 of 5 pipelines" });
    expect(none.left).toMatchObject({ upTo: left?.upTo, lookOn: on });
  });

  it("says of a pipeline without an answer how long it was waited for, and of several that fewer are tried", async () => {
    const server = slowServer({ pipelines: 2, takes: SECOND });
    server.slow.set("0001", DAY);
    await server.run({ budget: 10 * MINUTE });
    expect(server.log).toEqual([
      "2 pipelines were not deployed within 58 s: trying fewer at once",
      'pipeline "pipeline 0001" was not deployed: no answer within 34 s',
      'pipeline "pipeline 0002" was deployed',
    ]);
  });

  it("tries those that failed again by the one that was tried least often, and tells of all by whose fault", async () => {
    const server = slowServer({ pipelines: 3, takes: 0 });
    server.broken.add("0001").add("0002");
    const failed = [
      { id: "0001", times: 3 },
      { id: "0002", times: 1 },
      { id: "gone", times: 1 },
    ];
    const told: Progress = { of: "version", from: "0001", upTo: "0003", failed };
    const { outcome, left } = await server.run({ budget: UNIT_BUDGET, told });
    expect(outcome).toMatchObject({
      service: "OpenMetadata",
      code: "pipelines-not-deployed",
      message: expect.stringMatching(/^Cannot push: 2 of 3 pipelines .*: "pipeline 0001", "pipeline 0002"$/),
    });
    expect(left?.lookOn).toEqual(new Date(server.time + 30 * MINUTE));
  });

  it("names what cannot be deployed, and tries nothing else again: four times a day in the end", async () => {
    const server = slowServer({ pipelines: 50, takes: SECOND });
    server.broken.add("0030");
    let told: Progress | undefined;
    const since = server.time;
    while (server.time < since + 10 * DAY) {
      const { outcome, left } = await server.run({ budget: UNIT_BUDGET, told });
      expect(outcome).toMatchObject({
        message: 'Cannot push: 1 of 50 pipelines were not deployed and still use the old credential: "pipeline 0030"',
      });
      told = left;
      server.time = left?.lookOn.getTime() ?? Number.NaN;
    }
    expect(server.times("0030")).toBeLessThanOrEqual(4 * 10 + 3);
    expect(server.all.filter(({ id }) => id !== "0030" && server.times(id) !== 1)).toEqual([]);
    server.broken.clear();
    expect((await server.run({ budget: UNIT_BUDGET, told })).outcome).toMatchObject({ kind: "deployed" });
  });

  it("begins anew where somebody has changed the bot since", async () => {
    const server = slowServer({ pipelines: 3, takes: 12 * SECOND });
    const { left } = await server.run({ budget: EVENT_BUDGET, was: 1 });
    expect(left?.as).toBe(1);
    await server.run({ budget: UNIT_BUDGET, told: left, was: 2 });
    expect(server.all.map(({ id }) => server.times(id))).toEqual([2, 1, 1]);
  });

  it("begins elsewhere each time that nobody tells it what was done", async () => {
    const server = slowServer({ pipelines: 200, takes: 12 * SECOND });
    for (let run = 0; run < 40; run += 1) {
      await server.run({ budget: UNIT_BUDGET });
      server.time += 61 * MINUTE;
    }
    expect(server.all.filter(({ id }) => server.times(id) === 0)).toEqual([]);
  });

  it("goes on with those that are there when pipelines come and go", async () => {
    const server = slowServer({ pipelines: 4, takes: 12 * SECOND });
    const { left } = await server.run({ budget: EVENT_BUDGET });
    server.all.splice(0, 2);
    expect(await server.run({ budget: UNIT_BUDGET, told: left })).toMatchObject({ outcome: { pipelines: 2 } });
    expect(server.all.map(({ id }) => server.times(id))).toEqual([1, 1]);
  });
});
