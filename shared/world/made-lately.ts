import { MINUTE } from "../limits.ts";
import type { Registrations } from "../registration/ports.ts";

/** Reads of Entra lag behind its writes by seconds, rarely minutes; what they do not show after this time is not there. */
const LAG = 5 * MINUTE;

/** Whether a registration was made or changed by this process a moment ago, so that reads may not show it yet. */
export interface MadeLately {
  isRecent(): boolean;
  /** The same registrations, whose writes are noted. */
  noting(registrations: Registrations): Registrations;
}

export function madeLately(now: () => Date): MadeLately {
  let on: number | undefined;
  const note = () => {
    on = now().getTime();
  };
  return {
    isRecent: () => on !== undefined && now().getTime() - on < LAG,
    noting: (registrations) => ({
      ...registrations,
      create(...wanted) {
        note();
        return registrations.create(...wanted);
      },
      update(...wanted) {
        note();
        return registrations.update(...wanted);
      },
    }),
  };
}
