import { MINUTE } from "../limits.ts";
import type { Registered } from "../registration/ports.ts";

/** So long what provisioning has found counts without another look: the calls of one pipeline follow each other. */
const COUNTS = 2 * MINUTE;

/** What provisioning has just made or found of a deployment's registrations, so that consent need not read it again. */
export interface ToldLately {
  tell(deployment: string, registered: Registered): void;
  of(deployment: string): Registered | undefined;
}

export function toldLately(now: () => Date): ToldLately {
  const told = new Map<string, { registered: Registered; on: number }>();
  return {
    tell: (deployment, registered) => void told.set(deployment, { registered, on: now().getTime() }),
    of(deployment) {
      const found = told.get(deployment);
      return found && now().getTime() - found.on < COUNTS ? found.registered : undefined;
    },
  };
}
