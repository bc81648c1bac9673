import { describe, expect, it } from "vitest";
import { occurrences, parseSchedule } from "../../local/host/schedule.ts";
import { type Chance, chance } from "../../proof/simulation/chance.ts";
import { longestPause, readSchedule } from "../../shared/deployment/schedule.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const pauseOf = (expression: string): number | undefined => {
  const schedule = readSchedule(expression);
  return schedule && longestPause(schedule);
};

describe("longestPause()", () => {
  it.each([
    ["0 0 * * * *", HOUR],
    ["*/10 * * * * *", 60_000],
    ["30 5 * * *", DAY],
    ["0 0 8-18 * * *", 14 * HOUR],
    ["0 0 0 * * MON-FRI", 3 * DAY],
    ["0 0 12 * * 1", 7 * DAY],
    ["0 0 0 1 * *", 31 * DAY],
    ["0 0 0 */2 * *", 2 * DAY],
    ["0 0 0 1 1 *", 366 * DAY],
    ["0 0 0 29 2 *", 1461 * DAY],
    ["0 0 0 * JAN *", 336 * DAY],
    ["0 0 0,20 1 JAN,JUL *", 184 * DAY - 20 * HOUR],
  ])("of %j", (expression, pause) => {
    expect(pauseOf(expression)).toBe(pause);
  });

  it.each(["0 0 0 31 2 *", "0 0 0 30 FEB *", "0 0 0 31 APR,JUN,SEP,NOV *"])(
    "of %j, which never falls due",
    (expression) => {
      expect(readSchedule(expression)).toBeDefined();
      expect(pauseOf(expression)).toBeUndefined();
    },
  );
});

/** Expressions as people write them, some of them wrong. */
function anyExpression({ pick, whole, happens }: Chance): string {
  const number = () => String(happens(0.8) ? whole(1, 6) : whole(0, 64));
  const item = () => {
    const range = `${number()}-${number()}`;
    return pick([
      "*",
      "*",
      "*",
      number(),
      range,
      `*/${number()}`,
      `${number()}/${number()}`,
      "MON-FRI",
      "jan",
      "x",
      "",
    ]);
  };
  const field = () => (happens(0.4) ? "*" : happens(0.8) ? item() : `${item()},${item()}`);
  return Array.from({ length: pick([4, 5, 6, 6, 6, 6, 7]) }, field).join(" ");
}

describe("readSchedule()", () => {
  const seven = chance(7);
  const expressions = Array.from({ length: 1_000 }, () => anyExpression(seven));
  const hosts = (expression: string) => {
    try {
      return parseSchedule(expression);
    } catch {
      return undefined;
    }
  };

  it.each([
    ["0 5 0 * * *", [5]],
    ["0 5/20 0 * * *", [5, 25, 45]],
    // A step of one begins no range.
    ["0 5/1 0 * * *", [5]],
    ["0 10-20/5 0 * * *", [10, 15, 20]],
    ["0 10-12 0 * * *", [10, 11, 12]],
    ["0 40,0,20 0 * * *", [0, 20, 40]],
    ["0 */60 0 * * *", [0]],
    ["0 0 3,1 * * *", [60, 180]],
    ["7 2 * * *", [127]],
  ])("reads of %j the minutes %j", (expression, minutes) => {
    expect(readSchedule(expression)?.minutes).toEqual(minutes);
  });

  it.each([
    "0 */61 * * * *",
    "0 */0 * * * *",
    "0 0 */25 * * *",
    "0 *-5 * * * *",
    "0 20-10 * * * *",
    "0 5- * * * *",
    "0 5//2 * * * *",
    "0 60 * * * *",
    "0 -1 * * * *",
    "0 0 0 0 * *",
    "0 0 0 32 * *",
    "0 0 0 * 0 *",
    "0 x5 * * * *",
    "* * * *",
    "* * * * * * *",
  ])("does not read %j", (expression) => {
    expect(readSchedule(expression)).toBeUndefined();
  });

  it("reads what the host reads, and nothing else", () => {
    const read = expressions.filter((one) => readSchedule(one));
    expect(read.filter((one) => !hosts(one))).toEqual([]);
    expect(read.length).toBeGreaterThan(100);
    // The development host lets a range begin behind its end ("33/20"), which NCrontab refuses.
    const others = expressions.filter((one) => !readSchedule(one) && hosts(one));
    expect(others.filter((one) => !/\b\d+\/\d+/.test(one))).toEqual([]);
  });

  it("knows how long the host may pause", () => {
    for (const expression of expressions) {
      const schedule = hosts(expression);
      const pause = pauseOf(expression);
      if (!schedule || pause === undefined || pause > 400 * DAY) continue;
      const found = occurrences(schedule, new Date("2031-03-03T12:00:00Z"), 40);
      const gaps = found.slice(1).map((one, index) => one.getTime() - (found[index]?.getTime() ?? 0));
      expect(Math.max(...gaps), expression).toBeLessThanOrEqual(pause + 60_000);
    }
  });
});
