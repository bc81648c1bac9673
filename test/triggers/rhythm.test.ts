import { describe, expect, it } from "vitest";
import { HOUR } from "../../shared/limits.ts";
import { rhythmOf } from "../../shared/triggers/rhythm.ts";

const now = new Date("2031-03-03T12:00:00.200Z");
const NEVER = "0001-01-01T00:00:00+00:00";

describe("rhythmOf()", () => {
  it("is the time from the last run to the one that runs now", () => {
    expect(rhythmOf({ last: "2031-03-03T06:00:00Z", next: "2031-03-03T12:00:00Z" }, now)).toEqual({
      nextOn: new Date("2031-03-03T18:00:00.200Z"),
      period: 6 * HOUR,
    });
  });

  it("of a run beside the schedule goes by the next one", () => {
    expect(rhythmOf({ last: "2031-03-03T11:00:00Z", next: "2031-03-03T13:00:00.200Z" }, now)).toEqual({
      nextOn: new Date("2031-03-03T13:00:00.200Z"),
      period: HOUR,
    });
  });

  it("goes by minutes: a next run that is one away is this one, and no timer runs more often", () => {
    const minutely = { last: "2031-03-03T12:00:00.200Z", next: "2031-03-03T12:01:00.200Z" };
    expect(rhythmOf(minutely, now)).toEqual({ nextOn: new Date("2031-03-03T12:01:00.200Z"), period: 60_000 });
    const hourly = { last: "2031-03-03T11:01:00.200Z", next: "2031-03-03T12:01:00.200Z" };
    expect(rhythmOf(hourly, now)).toEqual({ nextOn: new Date("2031-03-03T13:00:00.200Z"), period: HOUR });
  });

  it.each([
    ["the first run", { last: NEVER, next: "2031-03-03T12:00:00Z" }],
    ["a timer that is not monitored", null],
    ["the first moment there is", { last: "1970-01-01T00:00:00Z", next: "2031-03-03T12:00:00Z" }],
    ["less than a minute", { last: "2031-03-03T11:59:30Z", next: "2031-03-03T12:00:00Z" }],
    ["no dates", { last: "", next: "soon" }],
  ])("of %s is not known, and taken for an hour", (_, status) => {
    expect(rhythmOf(status, now)).toEqual({ nextOn: undefined, period: HOUR });
  });
});
