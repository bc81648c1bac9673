import type { Clock } from "../clock.ts";
import type { HostFunction } from "./index-functions.ts";
import type { Invoke } from "./invocation.ts";
import type { Log } from "./log.ts";
import { occurrences, type Schedule } from "./schedule.ts";
import { announceTimer, roundTrip } from "./timer-log.ts";
import { firstStatus, statusAfter, timerInput } from "./timer-status.ts";
import type { Trigger } from "./trigger.ts";

/** A timer function under its schedule. */
export interface Timer {
  name: string;
  /** Runs it now, after a run that is under way, and counts as a run of the schedule. Tells whether it succeeded. */
  run(isPastDue: boolean): Promise<boolean>;
  /** The input of a run by the admin API: the stored status, which that run does not change. */
  input(): { json: string };
  /** Starts the schedule; with `runOnStartup` there is a run first. */
  start(): Promise<void>;
  /** No more runs start; one under way goes on. */
  cancel(): void;
}

interface TimerHost {
  clock: Clock;
  invoke: Invoke;
  log: Log;
}

type TimerTrigger = Extract<Trigger, { kind: "timer" }>;
type Occasion = "scheduled" | "past due" | "startup";

/**
 * A timer never overlaps with itself: occurrences that pass during a run collapse into one run right after it. The
 * status lives in memory, so a new host knows of no missed run. A failed run is not repeated and disturbs nothing.
 */
export function createTimer(hostFunction: HostFunction, trigger: TimerTrigger, host: TimerHost): Timer {
  const { name } = hostFunction;
  const { clock, log } = host;
  const { schedule, expression } = trigger;
  const monitored = trigger.useMonitor && !isFrequent(schedule, clock.now());
  let status = firstStatus(schedule, clock.now());
  let running: Promise<boolean> | undefined;
  let cancelled = false;
  let disarm = (): void => {};

  const arm = (): void => {
    disarm();
    if (cancelled || !status.next) return;
    disarm = clock.at(status.next, async () => {
      // A run under way arms the timer when it ends. To wait for it here could be to wait for oneself: the run's own
      // waiting may be what moves the clock.
      if (!running && !cancelled) await execute("scheduled");
    });
  };
  const input = (isPastDue: boolean) => timerInput(monitored ? status : undefined, isPastDue);
  const execute = async (occasion: Occasion): Promise<boolean> => {
    const startedOn = clock.now();
    const details = triggerDetails(occasion, startedOn);
    running = host
      .invoke(hostFunction, {
        reason: `Timer fired at ${roundTrip(startedOn)}`,
        input: input(occasion === "past due"),
        ...(details ? { details } : {}),
      })
      .then((outcome) => outcome.kind === "succeeded");
    const succeeded = await running;
    running = undefined;
    status = statusAfter(schedule, status, startedOn);
    arm();
    return succeeded;
  };

  return {
    name,
    input: () => input(false),
    async run(isPastDue) {
      while (running) await running;
      return execute(isPastDue ? "past due" : "scheduled");
    },
    async start() {
      announceTimer({ name, expression, schedule, now: clock.now() }, log);
      if (trigger.runOnStartup) await execute("startup");
      else arm();
    },
    cancel() {
      cancelled = true;
      disarm();
    },
  };
}

/** Runs less than a minute apart are not monitored, whatever `useMonitor` says. */
function isFrequent(schedule: Schedule, now: Date): boolean {
  const coming = occurrences(schedule, now, 5).map((time) => time.getTime());
  return coming.some((time, place) => place > 0 && time - (coming[place - 1] ?? 0) < 60_000);
}

/** The host explains the runs that are not due by their schedule. */
function triggerDetails(occasion: Occasion, now: Date): string | undefined {
  if (occasion === "startup") return "UnscheduledInvocationReason: RunOnStartup";
  if (occasion === "scheduled") return undefined;
  return `UnscheduledInvocationReason: IsPastDue, OriginalSchedule: ${roundTrip(now)}`;
}
