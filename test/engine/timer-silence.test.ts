import { describe, expect, it, vi } from "vitest";
import { noteTimerRun, silentTimer, timerState } from "../../shared/engine/timer-watch.ts";
import { DAY, HOUR, MINUTE } from "../../shared/limits.ts";
import { memoryQueue, START } from "./queue.ts";

type Queue = ReturnType<typeof memoryQueue>;
type Watch = Parameters<typeof silentTimer>[2];

const random = () => 0;
const mustSweepInstead = async (queue: Queue, now: Date, watch?: Watch) =>
  (await silentTimer(queue, { now, random }, watch)) !== undefined;
const at = (hours: number) => new Date(START.getTime() + hours * HOUR);

/** A queue in which an hourly timer has run at the start. */
async function watched(period = HOUR) {
  const queue = memoryQueue();
  await noteTimerRun(queue, { now: START, nextOn: new Date(START.getTime() + period), period, random });
  const [watch] = queue.waiting();
  if (watch?.kind !== "watch") throw new Error("There is no watch");
  return { queue, watch };
}

describe("the timer", () => {
  it("counts as silent when it is overdue by twice its period, and two hours at least", async () => {
    const hourly = (await watched()).queue;
    expect(timerState((await hourly.state()).notes)?.silentOn).toEqual(at(1 + 2));
    const daily = (await watched(DAY)).queue;
    expect(timerState((await daily.state()).notes)?.silentOn).toEqual(at(24 + 48));
  });

  it("is watched by a message that comes when it would be silent", async () => {
    expect((await watched()).watch).toMatchObject({ ranOn: START.toISOString(), minutes: 3 * 60 + 1 });
  });

  it("is replaced from the first silent moment on, and not before", async () => {
    const { queue } = await watched();
    expect(await mustSweepInstead(queue, new Date(at(3).getTime() - 1))).toBe(false);
    expect(await mustSweepInstead(queue, at(3))).toBe(true);
  });

  it("is told to whoever replaces it, after one look at the queue", async () => {
    const { queue } = await watched();
    const state = vi.fn(queue.state);
    expect(await silentTimer({ ...queue, state }, { now: at(3), random })).toMatchObject({ ranOn: START });
    expect(state).toHaveBeenCalledTimes(1);
  });

  it("is replaced once an hour, whoever notices", async () => {
    const { queue, watch } = await watched();
    expect(await mustSweepInstead(queue, at(3), watch)).toBe(true);
    expect(await mustSweepInstead(queue, at(3), watch)).toBe(false);
    expect(await mustSweepInstead(queue, at(3.5))).toBe(false);
    expect(await mustSweepInstead(queue, at(4), watch)).toBe(true);
  });

  it("is not replaced by a watch that was set before its last run", async () => {
    const { queue, watch } = await watched();
    await noteTimerRun(queue, { now: at(1), nextOn: at(2), period: HOUR, random });
    queue.clear();
    expect(await mustSweepInstead(queue, at(50), watch)).toBe(false);
    expect(queue.waiting()).toEqual([]);
  });

  it("is watched on by a watch that comes too early", async () => {
    const { queue, watch } = await watched();
    queue.clear();
    queue.now = at(1);
    expect(await mustSweepInstead(queue, at(1), watch)).toBe(false);
    expect(queue.waiting()).toMatchObject([{ kind: "watch", minutes: 2 * 60 + 1 }]);
  });

  it("has a day for its first run, of which nobody knows when it comes", async () => {
    const queue = memoryQueue();
    expect(await mustSweepInstead(queue, START)).toBe(false);
    expect(queue.waiting()).toMatchObject([{ kind: "watch", minutes: DAY / MINUTE + 1 }]);
    expect(await mustSweepInstead(queue, at(23.9))).toBe(false);
    expect(await mustSweepInstead(queue, at(24))).toBe(true);
  });
});
