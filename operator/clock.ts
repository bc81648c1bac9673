import { setTimeout as wait } from "node:timers/promises";
import type { Clock } from "../shared/retry.ts";

/** The machine's own; commands wait in real time. */
export const clock: Clock = { now: () => new Date(), wait };
