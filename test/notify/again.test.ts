import { describe, expect, it } from "vitest";
import { againIn } from "../../shared/notify/again.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const ON = "2031-03-03T12:00:00.000Z";
const waiting = (waited: number) => againIn({ on: ON }, new Date(Date.parse(ON) + waited));

describe("a notification whose receiver does not answer", () => {
  it.each([
    ["at once", 0, 5 * MINUTE],
    ["after twenty minutes", 20 * MINUTE, 5 * MINUTE],
    ["after an hour", HOUR, 15 * MINUTE],
    ["after a day", 24 * HOUR, 6 * HOUR],
    ["a moment before three days are over", 72 * HOUR - 1, 6 * HOUR],
  ])("is sent again %s, later each time", (_when, waited, wait) => {
    expect(waiting(waited)).toBe(wait);
  });

  it("is given up when three days are over", () => {
    expect(waiting(72 * HOUR)).toBeUndefined();
  });
});
