import { forecast } from "../../../shared/rotation/bot-token/forecast.ts";
import type { Held, Moment, Observed, Run } from "../../../shared/rotation/bot-token/observed.ts";
import { planBotToken } from "../../../shared/rotation/bot-token/plan.ts";
import type { Plan } from "../../../shared/rotation/bot-token/step.ts";
import type { Stored } from "../../../shared/rotation/stored.ts";
import { on, policy } from "../client-secret/planned.ts";

export { on, policy };

/** Issued on 2026-01-01 for 90 days: due on 2026-03-02. */
export function held(change: Partial<Held> = {}): Held {
  return { userId: "bot", keyId: "one", issuedOn: on("2026-01-01"), expiresOn: on("2026-04-01"), ...change };
}

/** The same token in the vault, delivered and confirmed. */
export function stored(change: Partial<Stored> = {}): Stored {
  return {
    version: "v1",
    enabled: true,
    createdOn: on("2026-01-01"),
    expiresOn: on("2026-04-01"),
    intent: false,
    keyId: "one",
    issuedOn: on("2026-01-01"),
    provenOn: undefined,
    promotedOn: undefined,
    deliveredOn: on("2026-01-01"),
    confirmedOn: on("2026-01-01T01:00:00"),
    checkedOn: undefined,
    refusedOn: undefined,
    asked: undefined,
    ...change,
  };
}

export function world(change: Partial<Observed> = {}): Observed {
  return { held: held(), current: stored(), running: [], ...change };
}

function momentAt(moment: string, change: Partial<Run>): Moment {
  const run: Run = { beganOn: on(moment), ask: undefined, issuedOn: undefined, skips: new Set(), ...change };
  return { name: "token", now: on(moment), run };
}

export function planAt(observed: Observed, moment: string, change: Partial<Run> = {}): Plan {
  return planBotToken(observed, policy, momentAt(moment, change));
}

/** The next step as "kind target (because)", or undefined. */
export function stepAt(observed: Observed, moment: string, change: Partial<Run> = {}): string | undefined {
  const { next } = planAt(observed, moment, change);
  return next && `${next.kind} ${next.target} (${next.because})`;
}

/** All steps that would follow if each succeeded at once. */
export function forecastAt(observed: Observed, moment: string, change: Partial<Run> = {}): string[] {
  return forecast(observed, policy, momentAt(moment, change)).steps.map(({ kind, target }) => `${kind} ${target}`);
}

export function ask(issuedBefore: string, revokeOld = false) {
  return { because: "leaver", issuedBefore: on(issuedBefore), revokeOld };
}
