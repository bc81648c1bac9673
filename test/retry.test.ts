import { describe, expect, it } from "vitest";
import { InputError, NotYetError, UpstreamError } from "../shared/errors.ts";
import {
  type Clock,
  every,
  isTransient,
  messageOf,
  type Patience,
  REPLICATION_PAUSES,
  retry,
} from "../shared/retry.ts";

const BUSY = new UpstreamError("busy", { service: "Entra", status: 503 });

/** A clock that waits in no time, and tells the pauses that it was asked for. */
function virtual(random?: () => number): Clock & { waits: number[] } {
  let time = 0;
  const waits: number[] = [];
  return {
    waits,
    now: () => new Date(time),
    async wait(milliseconds) {
      waits.push(milliseconds);
      time += milliseconds;
    },
    ...(random ? { random } : {}),
  };
}

/** Attempts that come to this, one after the other; the last one again and again. */
function attempts(...results: unknown[]): () => Promise<unknown> {
  let made = 0;
  return async () => {
    const result = results[Math.min(made, results.length - 1)];
    made += 1;
    if (result instanceof Error) throw result;
    return result;
  };
}

async function tried<T>(attempt: () => Promise<T>, patience: Patience<T>, clock = virtual()) {
  const outcome = await retry(clock, attempt, patience).catch((error: unknown) => error);
  return [outcome, clock.waits];
}

describe("retry()", () => {
  it("tries once where that is enough", async () => {
    expect(await tried(attempts("found"), { pauses: [1, 2] })).toEqual(["found", []]);
  });

  it("pauses before each further attempt, until it has what it waits for", async () => {
    const attempt = attempts(undefined, undefined, "found");
    expect(await tried(attempt, { pauses: [1, 2, 3] })).toEqual(["found", [1, 2]]);
  });

  it("ends with the last pause, and answers with what the last attempt came to", async () => {
    expect(await tried(attempts(1, 2, 3, 4), { pauses: [10, 20], until: () => false })).toEqual([3, [10, 20]]);
  });

  it("begins no attempt after the end", async () => {
    const endsOn = new Date(25);
    expect(await tried(attempts(undefined), { pauses: every(10), endsOn })).toEqual([undefined, [10, 10]]);
    expect(await tried(attempts(undefined), { pauses: every(25), endsOn })).toEqual([undefined, [25]]);
  });

  it("leaves every failure to its caller by default", async () => {
    expect(await tried(attempts(BUSY, "found"), { pauses: every(1) })).toEqual([BUSY, []]);
  });

  it("repeats after a failure that may pass, says so, and throws the last one at the end", async () => {
    const said: string[] = [];
    const patience = { again: isTransient, onFailure: (message: string) => void said.push(message) };
    expect(await tried(attempts(BUSY, "found"), { ...patience, pauses: [1, 2] })).toEqual(["found", [1]]);
    expect(await tried(attempts(BUSY), { ...patience, pauses: [1, 2] })).toEqual([BUSY, [1, 2]]);
    expect(said).toEqual(["busy", "busy", "busy"]);
  });

  it("throws a failure that will not pass at once", async () => {
    const wrong = new InputError("body-invalid", "wrong", { hint: "mend it" });
    expect(await tried(attempts(BUSY, wrong), { again: isTransient, pauses: every(1) })).toEqual([wrong, [1]]);
  });

  it("leaves a service alone as long as it asks, but not beyond the end", async () => {
    const throttled = new UpstreamError("slow down", { service: "Entra", status: 429, retryAfterSeconds: 3 });
    const patience = { again: isTransient, pauses: every(1_000) };
    expect(await tried(attempts(throttled, "found"), patience)).toEqual(["found", [3_000]]);
    expect(await tried(attempts(throttled), { ...patience, endsOn: new Date(2_999) })).toEqual([throttled, []]);
  });

  it("spreads pauses where that is wanted, and makes none longer", async () => {
    const patience = { pauses: [100, 100], spread: true };
    expect(
      await tried(
        attempts(undefined),
        patience,
        virtual(() => 0),
      ),
    ).toEqual([undefined, [100, 100]]);
    expect(
      await tried(
        attempts(undefined),
        patience,
        virtual(() => 0.5),
      ),
    ).toEqual([undefined, [90, 90]]);
    expect(await tried(attempts(undefined), patience)).toEqual([undefined, [100, 100]]);
    const exact = { pauses: [100, 100] };
    expect(
      await tried(
        attempts(undefined),
        exact,
        virtual(() => 0.5),
      ),
    ).toEqual([undefined, [100, 100]]);
  });

  it("waits for a service up to half a minute, and gives it up to a later run where it wants longer", async () => {
    const asks = (retryAfterSeconds: number) => new NotYetError("proof-pending", "not yet", { retryAfterSeconds });
    const patience = { again: () => true, pauses: every(1_000) };
    expect(await tried(attempts(asks(30), "found"), patience)).toEqual(["found", [30_000]]);
    expect(await tried(attempts(asks(31)), patience)).toEqual([asks(31), []]);
    const other = Object.assign(new Error("busy"), { retryAfterSeconds: 31 });
    expect(await tried(attempts(other, "found"), patience)).toEqual(["found", [1_000]]);
  });

  it("takes no failure for one that may pass but a service's own", () => {
    expect([BUSY, new UpstreamError("no", { service: "Entra", status: 400 })].map(isTransient)).toEqual([true, false]);
    expect(isTransient({ transient: true })).toBe(false);
  });

  it("waits half a minute in all for what Entra has just made", () => {
    expect(REPLICATION_PAUSES).toEqual([2_000, 4_000, 8_000, 15_000]);
  });

  it("tells of whatever was thrown", () => {
    expect([messageOf(new Error("broken")), messageOf("a text")]).toEqual(["broken", "a text"]);
  });
});
