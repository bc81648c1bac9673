/** What a monitored timer knows of its own past; times of the runs, not of the wall. */
export interface TimerStatus {
  last: Date | undefined;
  next: Date | undefined;
  lastUpdated: Date | undefined;
}

/** The timer's input as the host sends it; the library turns the first letter of each key to lower case. */
export function timerInfo(status: TimerStatus | undefined, isPastDue: boolean): { json: string } {
  return {
    json: JSON.stringify({
      Schedule: { AdjustForDST: true },
      ScheduleStatus: status
        ? { Last: instant(status.last), Next: instant(status.next), LastUpdated: instant(status.lastUpdated) }
        : null,
      IsPastDue: isPastDue,
    }),
  };
}

/** .NET's first and last moment stand for "not yet" and "never again". */
function instant(time: Date | undefined, missing = "0001-01-01T00:00:00+00:00"): string {
  return time ? time.toISOString().replace(/(\.000)?Z$/, "+00:00") : missing;
}

/** .NET's round-trip format, as in the log: `2026-11-22T03:41:00.0000000+00:00`. */
export function roundTrip(time: Date): string {
  return time.toISOString().replace("Z", "0000+00:00");
}

/** The short format of the list of coming occurrences: `11/22/2026 03:39:00Z`. */
export function short(time: Date): string {
  const [date = "", clock = ""] = time.toISOString().split("T");
  const [year, month, day] = date.split("-");
  return `${month}/${day}/${year} ${clock.slice(0, 8)}Z`;
}
