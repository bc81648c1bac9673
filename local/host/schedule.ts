import { Cron } from "croner";

/** When a timer function runs. */
export interface Schedule {
  /** The first occurrence later than the moment given; `undefined` when there is none (30 February). */
  next(after: Date): Date | undefined;
}

/** Numbers, three-letter names, ranges, steps and lists; none of croner's L, W, #, ? and nicknames. */
const FIELD = /^(\*|(\d+|[a-z]{3})(-(\d+|[a-z]{3}))?)(\/\d+)?(,(\*|(\d+|[a-z]{3})(-(\d+|[a-z]{3}))?)(\/\d+)?)*$/i;

/**
 * Reads an NCRONTAB expression of six fields (from seconds on) or five (from minutes on), in UTC. Day of month and
 * day of week must both fit (NCrontab.Signed 3.4.0 gives the Fridays that are a 13th for "0 0 0 13 * 5"). As by NCrontab,
 * fields are parted by blanks and by nothing else that looks like one, and 7 for Sunday is refused. Refused beyond that: a
 * TimeSpan, which only App Service plans accept (Microsoft Learn: "Timer trigger for Azure Functions"), and ranges that run
 * backwards.
 */
export function parseSchedule(expression: string): Schedule {
  const fields = expression.split(" ").filter((field) => field !== "");
  const daysOfWeek = fields.at(-1)?.replace(/\/\d+/g, "") ?? "";
  const fault = new Error(
    `The schedule expression '${expression}' was not recognized as a valid cron expression or timespan string.`,
  );
  if (!fields.every((field) => FIELD.test(field)) || /\b7\b/.test(daysOfWeek)) throw fault;
  const cron = createCron(fields.join(" "));
  if (!cron) throw fault;
  return {
    // A new Date, because croner recognises only those made by the Date of the moment, which a test may have replaced.
    next: (after) => cron.nextRun(new Date(after)) ?? undefined,
  };
}

function createCron(pattern: string): Cron | undefined {
  try {
    // Sloppy ranges read 5/20 as every 20 from 5 on, as NCrontab does.
    return new Cron(pattern, { timezone: "UTC", domAndDow: true, sloppyRanges: true, mode: "5-or-6-parts" });
  } catch {
    return undefined;
  }
}

/** The next occurrences in order; fewer when the schedule ends. */
export function occurrences(schedule: Schedule, after: Date, count: number): Date[] {
  const found: Date[] = [];
  for (let next = schedule.next(after); next && found.length < count; next = schedule.next(next)) found.push(next);
  return found;
}
