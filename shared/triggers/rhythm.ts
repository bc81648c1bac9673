import { HOUR, MINUTE } from "../limits.ts";

/** When the timer runs next, and how long it is between its runs. */
export interface Rhythm {
  nextOn: Date;
  period: number;
}

/**
 * Reads it from what the host tells a timer: its last occurrence, and the one after that, which is the one that runs now
 * unless somebody has started this run beside the schedule. An hour where the host tells nothing, as before the first run.
 */
export function rhythmOf(status: { last?: string; next?: string } | null | undefined, now: Date): Rhythm {
  const last = new Date(status?.last ?? Number.NaN).getTime();
  const next = new Date(status?.next ?? Number.NaN).getTime();
  const beside = next > now.getTime() + MINUTE;
  // .NET's first moment stands for "not yet".
  const known = next - (beside ? now.getTime() : last > 0 ? last : Number.NaN);
  const period = known >= MINUTE ? known : HOUR;
  return { nextOn: new Date(beside ? next : now.getTime() + period), period };
}
