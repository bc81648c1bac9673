import { syncBuiltinESMExports } from "node:module";
import type { TimerOptions } from "node:timers";
import timersPromises from "node:timers/promises";

/** What is due at a moment. A rejected job rejects the `advance` that ran it. */
export type Job = () => Promise<void> | void;

/** The time of the local cloud: everything in the process that asks for the time asks this. */
export interface Clock {
  now(): Date;
  /** Moves the clock forward and runs, in order of time, every job that falls due on the way. */
  advance(milliseconds: number): Promise<void>;
  /** Runs the job once when the clock reaches `on`; the returned function cancels it. */
  at(on: Date, job: Job): () => void;
  /** Ends pending jobs and, for a wall clock, its timer. */
  stop(): void;
}

interface Pending {
  on: number;
  order: number;
  job: Job;
}

const RealDate = Date;
const realWait = timersPromises.setTimeout;
const realRandom = Math.random;

/** A clock that stands still until somebody advances it: the same run gives the same times. */
export function movableClock(start: Date): Clock {
  let time = start.getTime();
  const queue = jobQueue();
  return {
    now: () => new RealDate(time),
    at: (on, job) => queue.add(on, job),
    async advance(milliseconds) {
      const target = time + milliseconds;
      for (let next = queue.take(target); next; next = queue.take(target)) {
        time = Math.max(time, next.on);
        await next.job();
      }
      // A job may itself have moved the clock past the target; time never runs backwards.
      time = Math.max(time, target);
    },
    stop: () => queue.clear(),
  };
}

/** The time of day, for a cloud that stays up: jobs run when it is really time, `advance` shifts the clock. */
export function wallClock(onError: (error: unknown) => void): Clock {
  let shift = 0;
  const queue = jobQueue();
  const now = (): number => RealDate.now() + shift;
  // While somebody moves it jobs run one after the other, or hours would pass under those that the timer runs beside.
  let moves = 0;
  const runDue = async (): Promise<void> => {
    for (let next = moves === 0 && queue.take(now()); next; next = moves === 0 && queue.take(now())) await next.job();
  };
  const ticking = setInterval(() => void runDue().catch(onError), 250);
  return {
    now: () => new RealDate(now()),
    at: (on, job) => queue.add(on, job),
    async advance(milliseconds) {
      const target = now() + milliseconds;
      moves += 1;
      try {
        for (let next = queue.take(target); next; next = queue.take(target)) {
          shift += Math.max(0, next.on - now());
          await next.job();
        }
      } finally {
        moves -= 1;
      }
      shift += Math.max(0, target - now());
    },
    stop() {
      clearInterval(ticking);
      queue.clear();
    },
  };
}

/**
 * Makes `Date` in this process follow the clock and, where and as long as `virtualWaits` says so, turns `setTimeout` of
 * `node:timers/promises` into a move of the clock, so that nothing really waits, and `Math.random` into 0, so that no
 * pause is spread by chance. Global timers, on which sockets and SDK time-outs run, are left alone. Returns a function
 * that undoes it.
 */
export function installClock(clock: Clock, { virtualWaits }: { virtualWaits: boolean | (() => boolean) }): () => void {
  class ClockDate extends RealDate {
    constructor(...args: [] | [value: number | string | Date]) {
      if (args.length === 0) super(clock.now().getTime());
      else super(...(args as [number]));
    }
    static override now(): number {
      return clock.now().getTime();
    }
  }
  globalThis.Date = ClockDate as DateConstructor;
  if (virtualWaits) {
    const isVirtual = virtualWaits === true ? () => true : virtualWaits;
    const wait = async <T>(milliseconds = 0, value?: T, options?: TimerOptions): Promise<T> => {
      if (!isVirtual()) return realWait(milliseconds, value as T, options);
      await clock.advance(milliseconds);
      return value as T;
    };
    timersPromises.setTimeout = wait as typeof realWait;
    syncBuiltinESMExports();
    Math.random = () => (isVirtual() ? 0 : realRandom());
  }
  return () => {
    globalThis.Date = RealDate;
    timersPromises.setTimeout = realWait;
    Math.random = realRandom;
    syncBuiltinESMExports();
  };
}

function jobQueue() {
  let pending: Pending[] = [];
  let order = 0;
  return {
    add(on: Date, job: Job): () => void {
      const entry: Pending = { on: on.getTime(), order: order++, job };
      const place = pending.findIndex((other) => other.on > entry.on);
      pending.splice(place === -1 ? pending.length : place, 0, entry);
      return () => {
        pending = pending.filter((other) => other !== entry);
      };
    },
    take: (until: number): Pending | undefined => (pending[0] && pending[0].on <= until ? pending.shift() : undefined),
    clear() {
      pending = [];
    },
  };
}
