import type { Clock } from "../clock.ts";
import type { HostFunction } from "./index-functions.ts";
import type { Invoke } from "./invocation.ts";
import type { Log } from "./log.ts";
import { occurrences } from "./schedule.ts";
import { roundTrip, short, type TimerStatus, timerInfo } from "./timer-info.ts";
import type { Trigger } from "./trigger.ts";

/** A timer function under its schedule. */
export interface Timer {
  name: string;
  /** Runs it now, after a run that is under way, and counts as a run of the schedule. Tells whether it succeeded. */
  run(isPastDue: boolean): Promise<boolean>;
  /** The input that a run by the admin API gets: the stored status, which that run does not change. */
  info(): { json: string };
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

/** A run may be this late and still count as the one of its occurrence, as in the status of the real host. */
const ON_TIME = 1000;
const MINUTE = 60_000;

/**
 * A timer never overlaps with itself: occurrences that pass during a run collapse into one run right after it. The
 * status lives in memory, so a new host knows of no missed run. A failed run is not repeated and disturbs nothing.
 */
export function createTimer(hostFunction: HostFunction, trigger: TimerTrigger, host: TimerHost): Timer {
  const { schedule } = trigger;
  const { clock } = host;
  let cancelled = false;
  let pending: (() => void) | undefined;
  let running: Promise<boolean> | undefined;
  let status: TimerStatus = { last: undefined, next: schedule.next(clock.now()), lastUpdated: undefined };
  const monitored = trigger.useMonitor && !isFrequent(trigger, clock.now());

  const arm = (): void => {
    pending?.();
    if (cancelled || !status.next) return;
    // Overdue means now: a clock that can be moved must not run backwards.
    pending = clock.at(status.next < clock.now() ? clock.now() : status.next, fire);
  };
  const fire = async (): Promise<void> => {
    // Whoever started that run arms the timer again when it ends; to wait for it here could be to wait for oneself.
    if (running || cancelled) return;
    await execute({});
  };
  const execute = async (unscheduled: { isPastDue?: boolean; because?: string }): Promise<boolean> => {
    const startedOn = clock.now();
    const occurrence = status.next;
    const { isPastDue = false, because } = unscheduled;
    running = host
      .invoke(hostFunction, {
        reason: `Timer fired at ${roundTrip(startedOn)}`,
        input: timerInfo(monitored ? status : undefined, isPastDue),
        ...(because ? { details: `UnscheduledInvocationReason: ${because}` } : {}),
      })
      .then((outcome) => outcome.kind === "succeeded");
    const succeeded = await running;
    running = undefined;
    const late = occurrence ? startedOn.getTime() - occurrence.getTime() : Number.NaN;
    const last = occurrence && late >= 0 && late < ON_TIME ? occurrence : startedOn;
    status = { last, next: schedule.next(last), lastUpdated: last };
    arm();
    return succeeded;
  };

  return {
    name: hostFunction.name,
    info: () => timerInfo(monitored ? status : undefined, false),
    async run(isPastDue) {
      while (running) await running;
      const missed = status.next ?? clock.now();
      return execute(isPastDue ? { isPastDue, because: `IsPastDue, OriginalSchedule: ${roundTrip(missed)}` } : {});
    },
    async start() {
      announce(hostFunction.name, trigger, host);
      if (trigger.runOnStartup) await execute({ because: "RunOnStartup" });
      else arm();
    },
    cancel() {
      cancelled = true;
      pending?.();
    },
  };
}

/** Runs that are less than a minute apart are not monitored, whatever `useMonitor` says. */
function isFrequent({ schedule }: TimerTrigger, from: Date): boolean {
  const coming = occurrences(schedule, from, 5).map((time) => time.getTime());
  return coming.some((time, place) => place > 0 && time - (coming[place - 1] ?? 0) < MINUTE);
}

function announce(name: string, { expression, schedule }: TimerTrigger, { clock, log }: TimerHost): void {
  const coming = occurrences(schedule, clock.now(), 5).map(short);
  const message = `The next 5 occurrences of the '${name}' schedule (Cron: '${expression}') will be:`;
  log({
    level: "information",
    category: "Host.Triggers.Timer",
    message: [message, ...coming].join("\n"),
    functionName: name,
  });
}
