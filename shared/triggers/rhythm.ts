import { HOUR, MINUTE } from "../limits.ts";

/** When the timer runs next, and how long it is between its runs. */
export interface Rhythm {
  /** undefined where the host does not tell, as before the first run. */
  nextOn: Date | undefined;
  period: number;
}

/**
 * Reads it from what the host tells a timer: its last occurrence, and the one after that, which is the one that runs now
 * unless somebody has started this run beside the schedule. An hour is assumed where the host tells nothing.
 */
export function rhythmOf(status: { last?: string; next?: string } | null | undefined, now: Date): Rhythm {
  const last = new Date(status?.last ?? Number.NaN).getTime();
  const next = new Date(status?.next ?? Number.NaN).getTime();
  const beside = next > now.getTime() + MINUTE;
  // .NET's first moment stands for "not yet".
  const known = next - (beside ? now.getTime() : last > 0 ? last : Number.NaN);
  if (!(known >= MINUTE)) return { nextOn: undefined, period: HOUR };
  return { nextOn: new Date(beside ? next : now.getTime() + known), period: known };
}
