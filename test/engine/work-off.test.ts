import { describe, expect, it } from "vitest";
import { type Unit, unitOf } from "../../shared/engine/message.ts";
import { workOff } from "../../shared/engine/work-off.ts";
import { UpstreamError } from "../../shared/errors.ts";
import { HOUR, MINUTE, UNIT_BUDGET } from "../../shared/limits.ts";
import type { LogEvent } from "../../shared/log.ts";
import type { Order } from "../../shared/rotation/order.ts";
import type { Outcome } from "../../shared/rotation/outcome.ts";
import type { Rotation } from "../../shared/rotation/rotatable.ts";
import { memoryQueue, START } from "./queue.ts";

const nothing: Outcome = { steps: [], converged: true, later: [], current: undefined };
const ask = { issuedBefore: "2031-03-03T11:00:00.000Z", revokeOld: true };
const unit = unitOf({ deployment: "blue", credential: "bot-token" }, { until: new Date(START.getTime() + HOUR), ask });

/** Works a unit off whose rotation comes to this; what is in the queue then, and the order that it got. */
async function work(rotate: (order: Order) => Promise<Outcome>, again = false, more: Partial<Unit> = {}) {
  const queue = memoryQueue();
  const orders: Order[] = [];
  const lines: LogEvent[] = [];
  const rotation = {
    credential: "bot-token",
    name: "blue-bot-token",
    rotate: (order: Order) => {
      orders.push(order);
      return rotate(order);
    },
    now: () => START,
    log: (event: LogEvent) => void lines.push(event),
  } as unknown as Rotation;
  const policy = { lifetimeDays: 90, renewBeforeDays: 30, overlapDays: 7, stageAheadHours: 24 };
  const endsOn = new Date(START.getTime() + UNIT_BUDGET);
  const tools = { queue, random: () => 0, policy, beganOn: START, endsOn, again };
  let outcome: Outcome | undefined;
  const failure = await workOff({ ...unit, ...more }, rotation, tools).then(
    (answer) => {
      outcome = answer;
    },
    (error: unknown) => error,
  );
  return { failure, outcome, orders, lines, sent: queue.waiting() };
}
const unreachable = (retryAfterSeconds: number) =>
  new UpstreamError("Cannot read", { service: "Entra", status: 429, retryAfterSeconds });

describe("a unit of work", () => {
  it("that an instance whose clock is ahead has sent is put off until ours is there, and asks for the same then", async () => {
    const ahead = { ...ask, issuedBefore: "2031-03-03T12:00:30.000Z" };
    const { orders, sent, failure, lines } = await work(async () => nothing, false, { ask: ahead });
    expect([orders, failure]).toEqual([[], undefined]);
    expect(sent).toMatchObject([{ ask: ahead, minutes: expect.closeTo(31 / 60, 2) }]);
    expect(lines).toMatchObject([{ event: "note", message: expect.stringContaining("a clock that is ahead") }]);
  });

  it("is done in what was asked for, without waiting, and ends where nothing is to come", async () => {
    const { orders, sent, failure, outcome, lines } = await work(async () => nothing);
    expect(orders).toMatchObject([
      {
        ask: { because: "a call asked for it", issuedBefore: new Date(ask.issuedBefore), revokeOld: true },
        briefly: true,
        leavesPushToEvent: true,
        beganOn: START,
      },
    ]);
    expect([sent, failure, outcome]).toEqual([[], undefined, nothing]);
    expect(lines).toMatchObject([{ event: "look", state: "done" }]);
    expect((await work(async () => nothing, false, { ask: undefined })).orders[0]?.ask).toBeUndefined();
  });

  it("sends another for what must be waited for, which asks for the same", async () => {
    const { sent } = await work(async () => ({ ...nothing, converged: false, waitingFor: "Entra" }));
    expect(sent).toMatchObject([{ deployment: "blue", credential: "bot-token", ask, until: unit.until }]);
  });

  it("looks the seldomer the longer it has waited, and for what comes after a step when that comes", async () => {
    const waiting = { ...nothing, converged: false, waitingFor: "Entra" };
    const since = new Date(START.getTime() - 40 * MINUTE).toISOString();
    const { sent } = await work(async () => waiting, false, { since });
    expect(sent).toMatchObject([{ since, minutes: expect.closeTo(10, 1) }]);
    const later = [{ kind: "confirm", target: "id", on: new Date(START.getTime() + 15 * MINUTE) }] as const;
    const done = { kind: "push", because: "not delivered", target: "id", state: "done" } as const;
    const after = await work(async () => ({ ...nothing, steps: [done], later: [...later] }));
    expect(after.sent).toMatchObject([{ minutes: expect.closeTo(15, 1) }]);
    expect((await work(async () => ({ ...nothing, later: [...later] }))).sent).toEqual([]);
  });

  it("is told what an earlier one has done, and leaves how far it has come, as work that goes on", async () => {
    const progress = { of: "v1", from: "p1", failed: [] };
    const lookOn = new Date(START.getTime() + 5 * MINUTE);
    const late = { kind: "push", because: "new", target: "id", state: "waiting", code: "out-of-time" } as const;
    const further = async ({ notebook }: Order) => {
      expect(notebook?.told).toEqual(progress);
      if (notebook) notebook.left = { ...progress, upTo: "p9", lookOn };
      return { ...nothing, steps: [late] };
    };
    const { lines, sent } = await work(further, true, { progress });
    expect(sent).toMatchObject([{ progress: { upTo: "p9" }, minutes: expect.closeTo(5, 1) }]);
    expect(lines).toMatchObject([{ state: "waiting", code: "out-of-time" }]);
    const stuck = await work(async () => ({ ...nothing, steps: [late] }), false, { progress });
    expect(stuck.lines).toMatchObject([{ state: "failed", code: "out-of-time" }]);
  });

  it("fails where its rotation fails, so that the host repeats it", async () => {
    const broken = new TypeError("broken");
    expect(await work(() => Promise.reject(broken))).toMatchObject({ failure: broken, sent: [] });
    const refused = unreachable(0);
    expect(await work(() => Promise.reject(refused))).toMatchObject({ failure: refused, sent: [] });
  });

  it("comes back when a service says so, but not after its end", async () => {
    const patient = await work(() => Promise.reject(unreachable(600)));
    expect(patient.failure).toBeUndefined();
    expect(patient.sent).toMatchObject([{ since: START.toISOString(), minutes: expect.closeTo(10, 1) }]);
    expect((await work(() => Promise.reject(unreachable(3600)))).sent).toHaveLength(1);
    expect((await work(() => Promise.reject(unreachable(3601)))).failure).toBeInstanceOf(UpstreamError);
    const since = new Date(START.getTime() - 80 * MINUTE).toISOString();
    const longer = await work(() => Promise.reject(unreachable(600)), false, { since });
    expect(longer.sent).toMatchObject([{ since, minutes: expect.closeTo(20, 1) }]);
  });

  it("leaves no second message where the host brings it again, unless it has come further", async () => {
    const waiting = { ...nothing, converged: false, waitingFor: "Entra" };
    expect((await work(async () => waiting, true)).sent).toEqual([]);
    expect(await work(() => Promise.reject(unreachable(600)), true)).toMatchObject({
      sent: [],
      failure: unreachable(600),
    });
    const done = { kind: "issue", because: "due", target: "secret", state: "done" } as const;
    expect((await work(async () => ({ ...waiting, steps: [done] }), true)).sent).toHaveLength(1);
  });

  it("leaves what it has done to the next one where it fails in the middle", async () => {
    const progress = { of: "v1", from: "p1", upTo: "p2", failed: [] };
    for (const [lookIn, comesIn] of [
      [5, 5],
      [0, 1],
    ] as const) {
      const { failure, sent } = await work(async ({ notebook }) => {
        if (notebook) notebook.left = { ...progress, lookOn: new Date(START.getTime() + lookIn * MINUTE) };
        throw new Error("in the middle");
      });
      expect(failure).toBeUndefined();
      expect(sent).toMatchObject([{ progress, ask, minutes: expect.closeTo(comesIn, 1) }]);
    }
  });
});
