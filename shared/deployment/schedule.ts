import { DAY, HOUR, MINUTE } from "../limits.ts";

/** When the timer is due: by day of month, month and day of week, which must all fit, and by the minutes of such a day. */
export interface Schedule {
  days: ReadonlySet<number>;
  months: ReadonlySet<number>;
  daysOfWeek: ReadonlySet<number>;
  /** From midnight, ascending. */
  minutes: readonly number[];
}

interface Field {
  least: number;
  most: number;
  /** What may stand for the numbers from `least` on. */
  names?: readonly string[];
}

const SECONDS: Field = { least: 0, most: 59 };
const MINUTES: Field = { least: 0, most: 59 };
const HOURS: Field = { least: 0, most: 23 };
const DAYS: Field = { least: 1, most: 31 };
const MONTHS: Field = { least: 1, most: 12, names: "jan feb mar apr may jun jul aug sep oct nov dec".split(" ") };
const DAYS_OF_WEEK: Field = { least: 0, most: 6, names: "sun mon tue wed thu fri sat".split(" ") };

/**
 * Reads an NCRONTAB expression of five or six fields, in UTC; undefined where the host could not read it, and would
 * leave the timer out (github.com/atifaziz/NCrontab; Microsoft Learn: "Timer trigger for Azure Functions"). Refused too
 * is what NCrontab reads in another way than it is meant: a range that runs backwards, and a step of nothing, or of more
 * than the whole field has ("every 90 minutes" would be every hour).
 */
export function readSchedule(expression: string): Schedule | undefined {
  const texts = expression.trim().split(/\s+/);
  if (texts.length === 5) texts.unshift("0");
  const fields = [SECONDS, MINUTES, HOURS, DAYS, MONTHS, DAYS_OF_WEEK];
  if (texts.length !== fields.length) return undefined;
  const read = fields.map((field, index) => numbersIn(texts[index] ?? "", field));
  const [seconds, minutes, hours, days, months, daysOfWeek] = read;
  if (!seconds || !minutes || !hours || !days || !months || !daysOfWeek) return undefined;
  const ofDay = [...hours].flatMap((hour) => [...minutes].map((minute) => hour * 60 + minute));
  return { days, months, daysOfWeek, minutes: ofDay.sort((one, other) => one - other) };
}

function numbersIn(text: string, field: Field): Set<number> | undefined {
  const numbers = new Set<number>();
  for (const item of text.split(",")) {
    const [all, from = "", to, step] = /^(\w+|\*)(?:-(\w+))?(?:\/(\d+))?$/.exec(item) ?? [];
    const by = step === undefined ? 1 : Number(step);
    const first = from === "*" ? field.least : numberOf(from, field);
    // A number with a step begins a range that has no end.
    const open = from === "*" || (to === undefined && step !== undefined && by > 1);
    const last = open ? field.most : to === undefined ? first : numberOf(to, field);
    if (all === undefined || (from === "*" && to !== undefined)) return undefined;
    if (first === undefined || last === undefined || first > last) return undefined;
    if (by < 1 || by > field.most - field.least + 1) return undefined;
    for (let number = first; number <= last; number += by) numbers.add(number);
  }
  return numbers;
}

function numberOf(text: string, { least, most, names = [] }: Field): number | undefined {
  const named = names.indexOf(text.toLowerCase());
  if (named >= 0) return least + named;
  const number = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  return number >= least && number <= most ? number : undefined;
}

/** The calendar repeats after 28 years, but for centuries. */
const CALENDAR = Array.from({ length: 29 * 366 }, (_, index) => index);

/** The longest time between two moments at which the timer is due, in milliseconds; undefined where it is never due. */
export function longestPause(schedule: Schedule): number | undefined {
  const { minutes } = schedule;
  const [first = 0] = minutes;
  const last = minutes.at(-1) ?? 0;
  const within = Math.max(0, ...minutes.slice(1).map((minute, index) => minute - (minutes[index] ?? 0)));
  const apart = daysApart(schedule);
  return apart && Math.max(within * MINUTE, apart * DAY - (last - first) * MINUTE);
}

/** How far two days can be apart on which the timer is due. */
function daysApart({ days, months, daysOfWeek }: Schedule): number | undefined {
  if (days.size === 31 && months.size === 12 && daysOfWeek.size === 7) return 1;
  const due = CALENDAR.filter((day) => {
    const date = new Date(day * DAY);
    return days.has(date.getUTCDate()) && months.has(date.getUTCMonth() + 1) && daysOfWeek.has(date.getUTCDay());
  });
  const gaps = due.slice(1).map((day, index) => day - (due[index] ?? 0));
  return gaps.length > 0 ? Math.max(...gaps) : undefined;
}

/** So many times the timer must be due while a credential is due: to replace it, to try again, to confirm, to retire. */
const RUNS_IN_TIME = 4;

/** A timer that the host leaves out, or runs too rarely, lets every credential run out; nobody would notice in time. */
export function scheduleFaults(schedule: string, renewBeforeDays: number): string[] {
  const read = readSchedule(schedule);
  if (!read) return []; // told with the form of the setting
  const pause = longestPause(read);
  if (pause === undefined) return ["ROTATION_SCHEDULE never falls due"];
  const most = (renewBeforeDays * DAY) / RUNS_IN_TIME;
  if (pause <= most) return [];
  return [
    `ROTATION_SCHEDULE must fall due at least every ${most / HOUR} hours, a quarter of SECRET_RENEW_BEFORE_DAYS; "0 0 * * * *" is every hour`,
  ];
}
