import { setTimeout as wait } from "node:timers/promises";
import type { Clock } from "../retry.ts";

/** The real time, and chance. */
export const clock: Required<Clock> = {
  now: () => new Date(),
  wait: (milliseconds) => wait(milliseconds),
  random: () => Math.random(),
};
