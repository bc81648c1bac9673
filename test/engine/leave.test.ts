import { describe, expect, it } from "vitest";
import { comeFurther, delayUntil, leaveToQueue, sendSoon } from "../../shared/engine/leave.ts";
import { MINUTE, SECOND } from "../../shared/limits.ts";
import type { LogEvent } from "../../shared/log.ts";
import type { Outcome } from "../../shared/rotation/outcome.ts";
import type { Progress } from "../../shared/rotation/progress.ts";
import { memoryQueue, START } from "./queue.ts";

const named = { deployment: "blue", credential: "bot-token" } as const;
const at = (minutes: number) => new Date(START.getTime() + minutes * MINUTE);
const progress: Progress = { of: "v1", from: "p1", upTo: "p2", failed: [{ id: "p1", times: 1 }] };

function leaving() {
  const queue = memoryQueue();
  const log: LogEvent[] = [];
  return { queue, log, how: { queue, now: START, random: () => 0, log: (event: LogEvent) => void log.push(event) } };
}

describe("work that is left to the queue", () => {
  it("comes a little after its time, never before: what it waits for must have happened", () => {
    expect(delayUntil(at(5), START, () => 0)).toEqual({ delay: 5 * MINUTE + SECOND });
    expect(delayUntil(at(5), START, () => 0.5)).toEqual({ delay: 5 * MINUTE + 11 * SECOND });
    expect(delayUntil(START, START, () => 0.99)).toEqual({ delay: 0 });
  });

  it.each([
    ["a run that took a step", "done", 15.017],
    ["nothing but a look", "waiting", undefined],
  ] as const)("after %s: whether what comes next has a look of its own", async (_, state, minutes) => {
    const { queue, log, how } = leaving();
    const outcome: Outcome = {
      steps: [{ kind: "push", because: "not delivered", target: "id", state }],
      converged: true,
      later: [{ kind: "confirm", target: "id", on: at(15) }],
      current: undefined,
    };
    const ask = { issuedBefore: START.toISOString(), revokeOld: true };
    expect(await leaveToQueue(named, { outcome, notebook: {} }, { ...how, ask })).toBe(minutes !== undefined);
    expect(log).toEqual([]);
    const sent = { ...named, kind: "rotate", ask, until: at(75).toISOString() };
    expect(queue.waiting()).toMatchObject(minutes ? [{ ...sent, minutes: expect.closeTo(minutes, 2) }] : []);
  });

  it("is waited for a day, in messages that follow one another", async () => {
    const { queue, how } = leaving();
    const steps = [{ kind: "issue", because: "due", target: "id", state: "done" }] as const;
    const outcome: Outcome = {
      steps: [...steps],
      converged: false,
      waitingFor: "Entra",
      later: [],
      current: undefined,
    };
    await leaveToQueue(named, { outcome, notebook: {} }, how);
    await sendSoon(named, how);
    await sendSoon(named, how, at(10));
    await leaveToQueue(named, { outcome: undefined, notebook: { left: { ...progress, lookOn: at(5) } } }, how);
    const day = 24 * 60;
    expect(queue.waiting()).toMatchObject([
      { until: at(day).toISOString(), minutes: expect.closeTo(1, 1) },
      { until: at(day).toISOString(), minutes: expect.closeTo(1, 1) },
      { until: at(day).toISOString(), minutes: expect.closeTo(10, 1) },
      { until: at(day + 5).toISOString(), minutes: expect.closeTo(5, 1) },
    ]);
  });

  it("goes on where it stopped", async () => {
    const { queue, how } = leaving();
    const left = { outcome: undefined, notebook: { left: { ...progress, lookOn: at(5) } } };
    expect(await leaveToQueue(named, left, how)).toBe(true);
    expect(queue.waiting()).toMatchObject([{ deployment: "blue", credential: "bot-token" }]);
    expect(queue.waiting()[0]).toHaveProperty("progress", progress);
    expect(queue.waiting()[0]?.minutes).toBeGreaterThan(5);
  });

  it("is not left twice: a run that came no further than it was told sends nothing", async () => {
    const { queue, how } = leaving();
    const told = { outcome: undefined, notebook: { told: progress, left: { ...progress, lookOn: at(5) } } };
    expect(await leaveToQueue(named, told, how)).toBe(false);
    expect(queue.waiting()).toEqual([]);
    expect(comeFurther(told.notebook, START)).toBeUndefined();
  });

  it.each([
    ["one more pipeline", { ...progress, upTo: "p3" }],
    ["one more attempt", { ...progress, failed: [{ id: "p1", times: 2 }] }],
    ["a first failure", { ...progress, failed: [...progress.failed, { id: "p2", times: 1 }] }],
    ["another version", { ...progress, of: "v2" }],
  ])("is more than was told where there is %s", (_, left) => {
    expect(comeFurther({ told: progress, left: { ...left, lookOn: at(5) } }, START)).toMatchObject({ on: at(5) });
  });

  it("is due now where its time has passed", () => {
    expect(comeFurther({ left: { ...progress, lookOn: at(-5) } }, START)).toMatchObject({ on: START });
  });

  it("is told as lost where the queue does not take it, and leaves it to the timer", async () => {
    const { queue, log, how } = leaving();
    queue.down = true;
    expect(await sendSoon(named, how)).toBe(false);
    const message = expect.stringContaining("cannot use the queue, so the work waits for the next run of the timer");
    expect(log).toMatchObject([{ event: "trouble", message, deployment: "blue", credential: "bot-token" }]);
  });

  it("is looked at in a minute where nothing else is said", async () => {
    const { queue, how } = leaving();
    expect(await sendSoon(named, how)).toBe(true);
    expect(queue.waiting()[0]?.minutes).toBeCloseTo(1, 1);
  });
});
