import { describe, expect, it } from "vitest";
import { noteTimerRun, silentTimer } from "../../shared/engine/timer-watch.ts";
import { HOUR, MINUTE, WATCH_SPREAD } from "../../shared/limits.ts";
import { memoryQueue } from "./queue.ts";

const random = () => 0;

describe("the watch over the timer", () => {
  it("is set before it is noted that it was: a run that ends in between breaks no chain", async () => {
    const queue = memoryQueue();
    const { now } = queue;
    const sent: string[] = [];
    const broken = {
      ...queue,
      send: async ({ kind }: { kind: string }) => void sent.push(kind),
      note: () => Promise.reject(new Error("no answer")),
    };
    const run = { now, nextOn: new Date(now.getTime() + HOUR), period: HOUR, random };
    await expect(noteTimerRun(broken, run)).rejects.toThrow("no answer");
    expect(sent).toEqual(["watch"]);
    await noteTimerRun(queue, run);
    const silent = { now: new Date(now.getTime() + 4 * HOUR), random };
    const deaf = { ...broken, state: () => queue.state() };
    await expect(silentTimer(deaf, silent)).rejects.toThrow("no answer");
    expect(sent).toEqual(["watch", "watch"]);
  });

  it("comes at different times where there are copies of it", async () => {
    const queue = memoryQueue();
    const delays: number[] = [];
    const run = { now: queue.now, nextOn: new Date(queue.now.getTime() + HOUR), period: HOUR };
    const watched = { ...queue, send: async (_: unknown, { delay }: { delay: number }) => void delays.push(delay) };
    for (const chance of [0, 0.5, 0.9]) await noteTimerRun(watched, { ...run, random: () => chance });
    const soonest = 3 * HOUR + MINUTE;
    expect(delays).toEqual([0, 0.5, 0.9].map((chance) => soonest + chance * WATCH_SPREAD));
  });
});
