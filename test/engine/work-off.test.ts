import { describe, expect, it } from "vitest";
import { unitOf } from "../../shared/engine/message.ts";
import { workOff } from "../../shared/engine/work-off.ts";
import { UpstreamError } from "../../shared/errors.ts";
import { HOUR, MINUTE, UNIT_BUDGET } from "../../shared/limits.ts";
import type { Order } from "../../shared/rotation/order.ts";
import type { Outcome } from "../../shared/rotation/outcome.ts";
import type { Rotation } from "../../shared/rotation/rotatable.ts";
import { memoryQueue, START } from "./queue.ts";

const nothing: Outcome = { steps: [], converged: true, later: [], current: undefined };
const ask = { issuedBefore: "2031-03-03T11:00:00.000Z", revokeOld: true };
const unit = unitOf({ deployment: "blue", credential: "bot-token" }, { until: new Date(START.getTime() + HOUR), ask });

/** Works a unit off whose rotation comes to this; what is in the queue then, and the order that it got. */
async function work(rotate: (order: Order) => Promise<Outcome>, again = false) {
  const queue = memoryQueue();
  const orders: Order[] = [];
  const rotation = {
    credential: "bot-token",
    name: "blue-bot-token",
    rotate: (order: Order) => {
      orders.push(order);
      return rotate(order);
    },
    now: () => START,
    log: () => undefined,
  } as unknown as Rotation;
  const policy = { lifetimeDays: 90, renewBeforeDays: 30, overlapDays: 7, stageAheadHours: 24 };
  const endsOn = new Date(START.getTime() + UNIT_BUDGET);
  const failure = await workOff(unit, rotation, { queue, random: () => 0, policy, beganOn: START, endsOn, again }).then(
    () => undefined,
    (error: unknown) => error,
  );
  return { failure, orders, sent: queue.waiting() };
}
const unreachable = (retryAfterSeconds: number) =>
  new UpstreamError("Cannot read", { service: "Entra", status: 429, retryAfterSeconds });

describe("a unit of work", () => {
  it("is done in what was asked for, without waiting, and ends where nothing is to come", async () => {
    const { orders, sent, failure } = await work(async () => nothing);
    expect(orders).toMatchObject([
      { ask: { issuedBefore: new Date(ask.issuedBefore), revokeOld: true }, briefly: true, leavesPushToEvent: true },
    ]);
    expect([sent, failure]).toEqual([[], undefined]);
  });

  it("sends another for what must be waited for, which asks for the same", async () => {
    const { sent } = await work(async () => ({ ...nothing, converged: false, waitingFor: "Entra" }));
    expect(sent).toMatchObject([{ deployment: "blue", credential: "bot-token", ask, until: unit.until }]);
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
    expect(patient.sent[0]?.minutes).toBeGreaterThanOrEqual(10);
    expect((await work(() => Promise.reject(unreachable(2 * 3600)))).failure).toBeInstanceOf(UpstreamError);
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
    const { failure, sent } = await work(async ({ notebook }) => {
      if (notebook) notebook.left = { ...progress, lookOn: new Date(START.getTime() + 5 * MINUTE) };
      throw new Error("in the middle");
    });
    expect(failure).toBeUndefined();
    expect(sent).toMatchObject([{ progress, ask }]);
  });
});
