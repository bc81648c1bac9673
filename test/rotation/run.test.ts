import { describe, expect, it } from "vitest";
import { StalledError } from "../../shared/errors.ts";
import { MINUTE } from "../../shared/limits.ts";
import type { LogEvent } from "../../shared/log.ts";
import { type Run, skipName } from "../../shared/rotation/order.ts";
import type { Applied, Later, Step } from "../../shared/rotation/outcome.ts";
import { type Decision, run, type Steps } from "../../shared/rotation/run.ts";

const START = Date.UTC(2031, 2, 3, 12);
const at = (minutes: number) => new Date(START + minutes * MINUTE);
const step = (kind: Step["kind"], target: string = kind): Step => ({ kind, because: "due", target });
const waits = (more: Partial<Extract<Applied, { state: "waiting" }>> = {}): Applied => ({
  state: "waiting",
  code: "proof-pending",
  detail: "not yet",
  ...more,
});
const done: Applied = { state: "done", detail: "done" };

/** A run of a credential for which these steps are due, each with what comes of it. */
async function ran(
  due: [step: Step, comes: Applied | Error][],
  more: {
    decision?: Partial<Decision<Step>>;
    isDelivered?: boolean;
    minutes?: number;
    most?: number;
    /** So many looks rest on what was seen before. */
    stale?: number;
    failsAtEnd?: Error;
  } = {},
) {
  const log: LogEvent[] = [];
  const left: string[] = [];
  const leaves = (ids: readonly string[]) => void left.push(...(ids.length > 0 ? ids : ["nothing"]));
  const taken = new Set<string>();
  let looks = 0;
  const isOpen = (one: Step, { skips }: Run) => !skips.has(skipName(one)) && !taken.has(skipName(one));
  const steps: Steps<{ current: undefined }, Step, Run> = {
    name: "secret",
    now: () => at(0),
    log: (event) => void log.push(event),
    mostSteps: more.most ?? 40,
    async observe() {
      looks += 1;
      if (more.failsAtEnd && looks > due.length) throw more.failsAtEnd;
      return { sight: { current: undefined } };
    },
    plan: (_, { run: own }) => ({
      next: due.map(([one]) => one).find((one) => isOpen(one, own)),
      later: [],
      looksAgain: looks <= (more.stale ?? 0),
      ...more.decision,
    }),
    forecast: () => ({ steps: [] }),
    async apply(one) {
      const came = due.find(([other]) => other === one)?.[1];
      if (came === undefined || came instanceof Error) throw came;
      if (came.state === "done") taken.add(skipName(one));
      return came;
    },
    after: (_, own) => own,
    isDelivered: () => more.isDelivered ?? true,
  };
  const order = { endsOn: at(more.minutes ?? 8), leaves };
  const begun: Run = { beganOn: at(0), ask: undefined, skips: new Set() };
  const outcome = await run(steps, order, begun).catch((error: unknown) => error);
  return { outcome, left, log, looks };
}

describe("what is told of a step", () => {
  it("is what it does to others, where it does anything", async () => {
    const affects = "ingestion is refused for 1 to 2 minutes";
    const { outcome } = await ran([
      [{ ...step("issue"), affects }, done],
      [step("push"), done],
    ]);
    const common = { because: "due", state: "done" };
    expect(outcome).toMatchObject({
      steps: [{ ...common, kind: "issue", affects }, { kind: "push" }],
    });
    expect((outcome as { steps: object[] }).steps[1]).not.toHaveProperty("affects");
  });
});

describe("a run", () => {
  it("takes no step by what it saw before, but looks again", async () => {
    const { outcome, looks } = await ran([[step("issue"), done]], { stale: 2 });
    // Twice in vain, once for the step, and once to find nothing left.
    expect([outcome, looks]).toMatchObject([{ steps: [{ kind: "issue", state: "done" }] }, 4]);
  });

  it("tells a failure of its own besides those of its steps", async () => {
    const gone = new Error("the vault is gone");
    const { outcome, log } = await ran([[step("push"), new Error("refused")]], { failsAtEnd: gone });
    expect(outcome).toBe(gone);
    expect(log.filter((event) => event.event === "look")).toMatchObject([
      { state: "failed", message: expect.stringContaining("the vault is gone") },
    ]);
  });

  it("does whatever else it can where a step must wait, and says what for", async () => {
    const { outcome } = await ran([
      [step("prove"), waits()],
      [step("push"), waits({ detail: "pipelines", code: "out-of-time" })],
      [step("retire", "key-1"), done],
    ]);
    expect(outcome).toMatchObject({ converged: false, waitingFor: "not yet; pipelines" });
    expect(outcome).toMatchObject({
      steps: [
        { kind: "prove", state: "waiting", code: "proof-pending" },
        { kind: "push", state: "waiting", code: "out-of-time" },
        { kind: "retire", state: "done" },
      ],
    });
  });

  it.each<[what: string, looks: (Date | undefined)[], lookOn: Date | undefined]>([
    ["when the first of them may be gone on with", [at(7), at(5), at(9)], at(5)],
    ["as soon as can be where one does not say when", [at(7), undefined], undefined],
    ["whenever it may be where nothing waits", [], undefined],
  ])("looks again %s", async (_, looks, lookOn) => {
    const targets = looks.map((on, index): [Step, Applied] => [
      step("retire", `${index}`),
      waits(on ? { lookOn: on } : {}),
    ]);
    const { outcome } = await ran(targets);
    if (lookOn) expect(outcome).toMatchObject({ lookOn });
    else expect(outcome).not.toHaveProperty("lookOn");
  });

  it("has converged where a delivery waits for nothing but time, which is among what comes", async () => {
    const later: Later[] = [{ kind: "issue", on: at(3), target: "secret" }];
    const readers = await ran([[step("push"), waits({ until: at(5) })]], { isDelivered: false, decision: { later } });
    expect(readers.outcome).toMatchObject({
      converged: true,
      later: [...later, { kind: "push", on: at(5), target: "push" }],
    });
    expect(readers.outcome).not.toHaveProperty("waitingFor");
    const other = await ran([[step("check"), waits({ until: at(5) })]], { isDelivered: false });
    expect(other.outcome).toMatchObject({ converged: false });
  });

  it("tells as waiting what it has no time for, and looks again as soon as can be", async () => {
    for (const how of [{ minutes: 0 }, { most: 0 }]) {
      const { outcome, log } = await ran([[step("issue"), done]], how);
      expect(outcome).toMatchObject({
        converged: false,
        waitingFor: "no time left for the step issue (due)",
        steps: [{ kind: "issue", state: "waiting", code: "out-of-time" }],
      });
      expect(log.at(-1)).toMatchObject({
        step: "issue",
        state: "waiting",
        code: "out-of-time",
        message: expect.stringContaining("no time left for the step issue (due)"),
      });
    }
    const waiting = await ran(
      [
        [step("prove"), waits({ lookOn: at(7) })],
        [step("issue"), done],
      ],
      { most: 1 },
    );
    expect(waiting.outcome).not.toHaveProperty("lookOn");
  });

  it("tells as waiting what is due and waits for a better moment", async () => {
    const due = { step: step("issue"), code: "pipelines-running", because: "pipelines run" } as const;
    const { outcome, log } = await ran([[step("prove"), waits({ lookOn: at(7) })]], { decision: { waits: due } });
    expect(outcome).toMatchObject({ converged: false, waitingFor: "not yet; pipelines run" });
    expect(outcome).not.toHaveProperty("lookOn");
    expect(log.at(-1)).toMatchObject({ step: "issue", state: "waiting", code: "pipelines-running" });
  });

  it("fails with the first failure when all else is done, and tells which old ones are left", async () => {
    const { outcome, left, log } = await ran([
      [step("issue"), new Error("first")],
      [step("retire", "key-1"), new Error("second")],
      [step("retire", "key-2"), done],
      [step("push"), done],
    ]);
    expect([outcome, left]).toEqual([new Error("first"), ["key-1"]]);
    // Who has failed with something else is not told of nothing.
    expect((await ran([[step("push"), new Error("refused")]])).left).toEqual([]);
    expect(log.filter((event) => event.event === "look")).toEqual([]);
  });

  it("fails where nothing may be done, and says so itself, for no step has", async () => {
    const refusal = new StalledError("too-many-credentials", "There are too many", {});
    const { outcome, log } = await ran([], { decision: { refusal } });
    expect(outcome).toBe(refusal);
    expect(log).toMatchObject([{ event: "look", state: "failed", code: "too-many-credentials" }]);
  });
});
