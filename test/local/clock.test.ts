import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { type Clock, wallClock } from "../../local/clock.ts";

let clock: Clock;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  clock = wallClock((error) => {
    throw error;
  });
});
afterEach(() => {
  clock.stop();
  vi.useRealTimers();
});

it("runs what is due one after the other while somebody moves it, or time would pass under what runs beside", async () => {
  const order: string[] = [];
  const on = new Date(clock.now().getTime() + 60_000);
  clock.at(on, async () => {
    order.push("the first begins");
    vi.advanceTimersByTime(1_000);
    await Promise.resolve();
    order.push("the first ends");
  });
  clock.at(on, () => void order.push("the second"));
  await clock.advance(120_000);
  expect(order).toEqual(["the first begins", "the first ends", "the second"]);
});

it("runs what is due by itself where nobody moves it", async () => {
  const order: string[] = [];
  clock.at(clock.now(), () => void order.push("due"));
  await vi.advanceTimersByTimeAsync(1_000);
  expect(order).toEqual(["due"]);
});
