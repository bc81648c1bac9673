import { DAY } from "../../shared/limits.ts";
import type { PromiseName } from "../promises.ts";

/** The first promise that was broken. */
export interface Broken {
  promise: PromiseName;
  what: string;
  on: Date;
}

/** What happened in a simulated world, in words and in numbers. */
export interface Journal {
  note(who: string, what: string): void;
  /** Adds to a number under its name. */
  count(name: string, by?: number): void;
  /** Only the first break is kept: what follows it proves nothing. */
  breaks(promise: PromiseName, what: string): void;
  broken(): Broken | undefined;
  counts(): Readonly<Record<string, number>>;
  /** Each with its time, who, and what. */
  lines(): string[];
  /** The same journal, in the hands of one of several deployments: what it notes says so. */
  of(deployment: string): Journal;
}

/** Every simulated world begins then. */
export const START = Date.UTC(2026, 0, 1);

export function journal(now: () => number): Journal {
  const entries: { at: number; who: string; what: string }[] = [];
  const counts: Record<string, number> = {};
  let broken: Broken | undefined;
  const all: Journal = {
    note: (who, what) => entries.push({ at: now(), who, what }),
    count(name, by = 1) {
      counts[name] = (counts[name] ?? 0) + by;
    },
    breaks(promise, what) {
      if (broken) return;
      broken = { promise, what, on: new Date(now()) };
      entries.push({ at: now(), who: "PROMISE BROKEN", what: `${promise}: ${what}` });
    },
    broken: () => broken,
    counts: () => counts,
    lines: () => entries.map(({ at, who, what }) => `${moment(at)}  ${who.padEnd(14)}  ${what}`),
    of: (deployment) => ({
      ...all,
      note: (who, what) => all.note(`${deployment} ${who}`, what),
      breaks: (promise, what) => all.breaks(promise, `${deployment}: ${what}`),
    }),
  };
  return all;
}

/** "day 59 12:00:03", days counted from the start of the world. */
export function moment(at: number): string {
  const day = Math.floor((at - START) / DAY);
  return `day ${String(day).padStart(3)} ${new Date(at).toISOString().slice(11, 21)}`;
}
