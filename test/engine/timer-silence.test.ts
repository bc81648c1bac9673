import { describe, expect, it, vi } from "vitest";
import { noteTimerRun, silenceOf, silentTimer, timerState } from "../../shared/engine/timer-watch.ts";
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
    expect(queue.waiting()).toHaveLength(1);
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

  it("has a day, too, for a run of which the host does not tell when it comes next", async () => {
    const queue = memoryQueue();
    await noteTimerRun(queue, { now: START, nextOn: undefined, period: HOUR, random });
    expect(timerState((await queue.state()).notes)).toEqual({
      ranOn: START,
      nextOn: undefined,
      silentOn: at(24),
      sweptOn: undefined,
    });
  });

  it("is told by the notes what it needs, and by no others", async () => {
    const { queue } = await watched();
    expect(await mustSweepInstead(queue, at(3))).toBe(true);
    expect((await queue.state()).notes).toEqual({
      timerranon: START.toISOString(),
      timernexton: at(1).toISOString(),
      timersilenton: at(3).toISOString(),
      sweptinsteadon: at(3).toISOString(),
    });
    expect(timerState((await queue.state()).notes)?.sweptOn).toEqual(at(3));
    await noteTimerRun(queue, { now: at(4), nextOn: at(5), period: HOUR, random });
    expect(timerState((await queue.state()).notes)?.sweptOn).toBeUndefined();
  });

  it("is not known where nobody has noted anything, or what is noted is no date", () => {
    expect(timerState({})).toBeUndefined();
    expect(timerState({ timersilenton: "soon" })).toBeUndefined();
    expect(timerState({ timersilenton: START.toISOString(), timerranon: "once" })?.ranOn).toBeUndefined();
  });

  it("is replaced a little early by the watch, and late by all others: of two at once one ends", async () => {
    const again = async (hours: number, byWatch: boolean) => {
      const { queue, watch } = await watched();
      await mustSweepInstead(queue, at(3));
      return mustSweepInstead(queue, at(3 + hours), byWatch ? watch : undefined);
    };
    const five = 5 / 60;
    expect([await again(1 - five - 0.001, true), await again(1 - five, true)]).toEqual([false, true]);
    expect([await again(3 - 0.001, false), await again(3, false)]).toEqual([false, true]);
  });

  it("is watched again in an hour by whoever has replaced it", async () => {
    const { queue } = await watched();
    queue.clear();
    queue.now = at(3);
    await mustSweepInstead(queue, at(3));
    expect(queue.waiting()).toMatchObject([{ kind: "watch", ranOn: START.toISOString(), minutes: 61 }]);
  });

  it("is watched within the time that a queue hides a message, at most", async () => {
    const { queue } = await watched(30 * DAY);
    expect(queue.waiting()).toMatchObject([{ minutes: (6 * DAY) / MINUTE }]);
  });

  it("is said to be silent since when, with what mends it", () => {
    const state = { ranOn: START, nextOn: undefined, silentOn: START, sweptOn: undefined };
    expect(silenceOf(state, { replaced: true })).toMatch(
      /^the timer has not run since 2031-03-03T12:00:00.000Z, .*Restart the app/,
    );
    expect(silenceOf({ ...state, ranOn: undefined }, { replaced: true })).toMatch(/^the timer has not run yet, /);
  });
});
