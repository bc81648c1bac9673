import type { Schedule } from "./schedule.ts";

/** What a timer knows of its own past and future. */
export interface TimerStatus {
  /** `undefined` before the first run. */
  last: Date | undefined;
  /** `undefined` when the schedule has no occurrence any more. */
  next: Date | undefined;
  lastUpdated: Date | undefined;
}

/** A run may be this late and still count as the one of its occurrence. */
const ON_TIME_MILLISECONDS = 1000;

export function firstStatus(schedule: Schedule, now: Date): TimerStatus {
  return { last: undefined, next: schedule.next(now), lastUpdated: undefined };
}

/** The status after a run: `last` is its occurrence or, for a run beside the schedule or a late one, its start. */
export function statusAfter(schedule: Schedule, { next }: TimerStatus, startedOn: Date): TimerStatus {
  const lateness = next ? startedOn.getTime() - next.getTime() : -1;
  const last = next && lateness >= 0 && lateness < ON_TIME_MILLISECONDS ? next : startedOn;
  return { last, next: schedule.next(last), lastUpdated: last };
}

/** The timer's input as the host sends it; the library turns the first letter of each key to lower case. */
export function timerInput(status: TimerStatus | undefined, isPastDue: boolean): { json: string } {
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

/** .NET's first moment stands for "not yet". */
function instant(time: Date | undefined): string {
  return time ? time.toISOString().replace(/(\.000)?Z$/, "+00:00") : "0001-01-01T00:00:00+00:00";
}
