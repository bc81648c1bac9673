import { afterEach, describe, expect, it } from "vitest";
import { installClock, movableClock } from "../../local/clock.ts";
import { parseSchedule } from "../../local/host/schedule.ts";
import { firstStatus, statusAfter } from "../../local/host/timer-status.ts";
import { PATIENTLY } from "../patiently.ts";
import { closeHosts, openHost } from "./host-world.ts";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

afterEach(closeHosts);

const openTimers = (changes = {}) =>
  openHost({ fixture: "host-timers" }, { settings: { HOURLY: "0 0 * * * *" }, ...changes });

type World = Awaited<ReturnType<typeof openTimers>>;

/** Time of day of each run, oldest first. */
const firedAt = (world: World, name: string) =>
  world.lines(`Function.${name}`).flatMap((line) => /Timer fired at [\d-]+T([\d:]+)/.exec(line)?.[1] ?? []);

describe("a schedule", () => {
  const next = (expression: string, after: string) =>
    parseSchedule(expression).next(new Date(after))?.toISOString().replace(".000Z", "Z");

  it.each([
    ["0 * * * * *", "2026-11-22T03:38:30Z", "2026-11-22T03:39:00Z"],
    ["0 0 0 * * *", "2026-11-22T00:00:00Z", "2026-11-23T00:00:00Z"],
    ["*/5 * * * *", "2026-11-22T03:38:30Z", "2026-11-22T03:40:00Z"],
    ["0 5/20 * * * *", "2026-11-22T03:26:00Z", "2026-11-22T03:45:00Z"],
    ["0 30 9 * JAN Mon-Fri", "2026-11-22T03:38:30Z", "2027-01-01T09:30:00Z"],
    ["0 0 0 13 * 5", "2026-11-22T03:38:30Z", "2027-08-13T00:00:00Z"],
    ["0 0 0 30 2 *", "2026-11-22T03:38:30Z", undefined],
  ])("%s comes after %s at %s", (expression, after, expected) => {
    expect(next(expression, after)).toBe(expected);
  });

  it.each([
    "",
    "not a cron",
    "* * * *",
    "0 0 0 * * 7",
    "0 0 0 L * *",
    "0 0 0 ? * *",
    "@daily",
    "0 0 0 * * 1#2",
    "60 * * * * *",
  ])("%j is none", (expression) => {
    expect(() => parseSchedule(expression)).toThrow(
      `The schedule expression '${expression}' was not recognized as a valid cron expression or timespan string.`,
    );
  });
});

describe("at the start", () => {
  it("puts only the functions with a bad schedule in error", async () => {
    const world = await openTimers();
    expect(world.errors()).toEqual([
      "The 'no-cron' function is in error: The schedule expression 'not a cron' was not recognized as a valid cron " +
        "expression or timespan string.",
      "The 'unset' function is in error: '%NOT_SET%' does not resolve to a value.",
    ]);
    const { functions } = world.host;
    expect(functions).toContainEqual({ name: "b-hourly", trigger: "timer", schedule: "0 0 * * * *" });
    expect(functions.map(({ name }) => name)).toEqual([
      "a-five-fields",
      "at-start",
      "b-hourly",
      "fails",
      "slow",
      "unmonitored",
    ]);
  });

  it("tells the next five occurrences", async () => {
    const world = await openTimers();
    expect(world.lines("Host.Triggers.Timer")[0]).toBe(
      "The next 5 occurrences of the 'a-five-fields' schedule (Cron: '*/10 * * * *') will be:\n" +
        ["03:40", "03:50", "04:00", "04:10", "04:20"].map((time) => `11/22/2026 ${time}:00Z`).join("\n"),
    );
  });

  it("runs what asks for it, and nothing else", async () => {
    const world = await openTimers();
    expect(firedAt(world, "at-start")).toEqual(["03:38:30"]);
    expect(world.lines("Function.at-start")[1]).toBe("Trigger Details: UnscheduledInvocationReason: RunOnStartup");
    expect(world.said("at-start")).toMatchObject([{ isPastDue: false }]);
    expect(world.said("b-hourly")).toEqual([]);
  });
});

describe("when the clock moves", () => {
  it("runs timers in the order of time, each at its occurrence", async () => {
    const world = await openTimers();
    await world.clock.advance(HOUR);
    const runs = world.log.flatMap(({ message, functionName = "" }) => {
      const [, time] = /Timer fired at [\d-]+T([\d:]+)/.exec(message) ?? [];
      return time && ["a-five-fields", "b-hourly"].includes(functionName) ? [`${time} ${functionName}`] : [];
    });
    expect(runs.sort()).toEqual([
      "03:40:00 a-five-fields",
      "03:50:00 a-five-fields",
      "04:00:00 a-five-fields",
      "04:00:00 b-hourly",
      "04:10:00 a-five-fields",
      "04:20:00 a-five-fields",
      "04:30:00 a-five-fields",
    ]);
    const order = world.log.flatMap(({ message }) => /Timer fired at ([\dT:-]+)/.exec(message)?.[1] ?? []);
    expect(order).toEqual([...order].sort());
  });

  it("gives a monitored timer its status, which begins empty", async () => {
    const world = await openTimers();
    await world.clock.advance(2 * HOUR);
    const never = "0001-01-01T00:00:00+00:00";
    const [four, five] = ["2026-11-22T04:00:00+00:00", "2026-11-22T05:00:00+00:00"];
    const input = { schedule: { adjustForDST: true }, isPastDue: false };
    expect(world.said("b-hourly")).toEqual([
      { ...input, scheduleStatus: { last: never, next: four, lastUpdated: never } },
      { ...input, scheduleStatus: { last: four, next: five, lastUpdated: four } },
    ]);
  });

  it("gives no status without a monitor, nor to runs less than a minute apart", async () => {
    const world = await openTimers();
    await world.clock.advance(9 * HOUR);
    expect(world.said("unmonitored")[0]).toMatchObject({ scheduleStatus: null });
    expect(world.said("slow")[0]).toMatchObject({ scheduleStatus: null });
  });

  it("never overlaps a timer with itself: what passes meanwhile becomes one run right after", async () => {
    const world = await openTimers();
    globalThis.pass = (milliseconds) => world.clock.advance(milliseconds);
    await world.clock.advance(8 * HOUR + 22 * MINUTE);
    globalThis.pass = undefined;
    expect(firedAt(world, "slow").slice(0, 4)).toEqual(["12:00:00", "12:00:12", "12:00:24", "12:00:36"]);
  });

  it("does not overlap a run that was started by hand and moves the clock itself", async () => {
    const world = await openTimers();
    globalThis.pass = async () => {
      globalThis.pass = undefined;
      await world.clock.advance(9 * HOUR);
    };
    expect(await world.host.runTimer("slow")).toBe(true);
    await world.clock.advance(0);
    expect(firedAt(world, "slow")).toEqual(["03:38:30", "12:38:30"]);
  });

  it("counts a run that began a little late as the one of its occurrence", () => {
    const schedule = parseSchedule("0 0 * * * *");
    const status = firstStatus(schedule, new Date("2026-11-22T03:38:30Z"));
    const lastOf = (startedOn: string) => statusAfter(schedule, status, new Date(startedOn)).last?.toISOString();
    expect(lastOf("2026-11-22T04:00:00.250Z")).toBe("2026-11-22T04:00:00.000Z");
    expect(lastOf("2026-11-22T04:00:01.000Z")).toBe("2026-11-22T04:00:01.000Z");
  });

  it("logs a run that fails, goes on and does not disturb the clock", async () => {
    const world = await openTimers();
    await expect(world.clock.advance(2 * HOUR)).resolves.toBeUndefined();
    expect(firedAt(world, "fails")).toEqual(["04:30:00", "05:30:00"]);
    const failures = world.log.filter(({ level, functionName }) => level === "error" && functionName === "fails");
    expect(failures).toHaveLength(2);
    expect(failures[0]?.message).toMatch(/^Executed 'Functions.fails' \(Failed, Id=[\da-f-]{36}, Duration=0ms\)\n/);
    expect(failures[0]?.message).toContain("Exception: tick boom");
  });

  it("works also where the Date of the process follows the clock", async () => {
    const clock = movableClock(new Date("2026-11-22T03:38:30Z"));
    const uninstall = installClock(clock, { virtualWaits: false });
    try {
      const world = await openTimers({ clock });
      await clock.advance(HOUR);
      expect(firedAt(world, "b-hourly")).toEqual(["04:00:00"]);
    } finally {
      uninstall();
    }
  });

  it("runs nothing more after the host has stopped", async () => {
    const world = await openTimers();
    await world.host.stop();
    await world.clock.advance(2 * HOUR);
    expect(firedAt(world, "b-hourly")).toEqual([]);
  });
});

describe("runTimer()", () => {
  it("runs a timer now and tells whether it succeeded", async () => {
    const world = await openTimers();
    expect(await world.host.runTimer("b-hourly")).toBe(true);
    expect(await world.host.runTimer("fails")).toBe(false);
    expect(firedAt(world, "b-hourly")).toEqual(["03:38:30"]);
  });

  it("counts as a run of the schedule, whose next occurrence stays", async () => {
    const world = await openTimers();
    await world.host.runTimer("b-hourly");
    await world.clock.advance(HOUR);
    expect(firedAt(world, "b-hourly")).toEqual(["03:38:30", "04:00:00"]);
    const ran = "2026-11-22T03:38:30+00:00";
    const status = { last: ran, next: "2026-11-22T04:00:00+00:00", lastUpdated: ran };
    expect(world.said("b-hourly")[1]).toMatchObject({ scheduleStatus: status });
  });

  it("can say that an occurrence was missed", async () => {
    const world = await openTimers();
    await world.host.runTimer("b-hourly", { isPastDue: true });
    expect(world.said("b-hourly")).toMatchObject([{ isPastDue: true }]);
    expect(world.lines("Function.b-hourly")[1]).toContain("UnscheduledInvocationReason: IsPastDue, OriginalSchedule: ");
  });

  it("waits for a run of the same timer", async () => {
    const world = await openTimers();
    let release = (): void => {};
    globalThis.pass = () => new Promise((resolve) => (release = resolve));
    const first = world.host.runTimer("slow");
    const second = world.host.runTimer("slow");
    await expect.poll(() => world.said("slow").length, PATIENTLY).toBe(1);
    globalThis.pass = undefined;
    release();
    expect(await Promise.all([first, second])).toEqual([true, true]);
    const lines = world.lines("Function.slow").map((line) => line.split(" ")[0]);
    expect(lines).toEqual(["Executing", "Executed", "Executing", "Executed"]);
  });

  it("rejects a name that is no timer's", async () => {
    const world = await openTimers();
    await expect(world.host.runTimer("no-cron")).rejects.toThrow('Cannot run timer "no-cron"');
  });
});
