import type { Log } from "./log.ts";
import { occurrences, type Schedule } from "./schedule.ts";

interface Announced {
  name: string;
  expression: string;
  schedule: Schedule;
  now: Date;
}

/** Tells when a timer will run, as the host does at its start. */
export function announceTimer({ name, expression, schedule, now }: Announced, log: Log): void {
  const coming = occurrences(schedule, now, 5).map(short);
  const message = `The next 5 occurrences of the '${name}' schedule (Cron: '${expression}') will be:`;
  log({
    level: "information",
    category: "Host.Triggers.Timer",
    message: [message, ...coming].join("\n"),
    functionName: name,
  });
}

/** .NET's round-trip format: `2026-11-22T03:41:00.0000000+00:00`. */
export function roundTrip(time: Date): string {
  return time.toISOString().replace("Z", "0000+00:00");
}

/** `11/22/2026 03:39:00Z` */
function short(time: Date): string {
  const [date = "", clock = ""] = time.toISOString().split("T");
  const [year, month, day] = date.split("-");
  return `${month}/${day}/${year} ${clock.slice(0, 8)}Z`;
}
