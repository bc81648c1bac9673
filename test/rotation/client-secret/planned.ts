import { forecast } from "../../../shared/rotation/client-secret/forecast.ts";
import type { Issued, Observed, Run } from "../../../shared/rotation/client-secret/observed.ts";
import { planRotation } from "../../../shared/rotation/client-secret/plan.ts";
import type { Plan } from "../../../shared/rotation/client-secret/step.ts";
import type { Ask, Policy } from "../../../shared/rotation/order.ts";
import type { Stored } from "../../../shared/rotation/stored.ts";

/** The default policy: 90 days, renewed 30 days before, overlap 7 days, staged a day ahead. */
export const policy: Policy = { lifetimeDays: 90, renewBeforeDays: 30, overlapDays: 7, stageAheadHours: 24 };

/** "2026-01-01" or with a time of day, UTC. */
export function on(text: string): Date {
  return new Date(text.includes("T") ? `${text}Z` : `${text}T00:00:00Z`);
}

/** Issued on 2026-01-01, current, delivered and confirmed: due on 2026-03-02, staged from 2026-03-01. */
export function held(change: Partial<Stored> = {}): Stored {
  return {
    version: "v1",
    enabled: true,
    createdOn: on("2026-01-01"),
    expiresOn: on("2026-04-01"),
    intent: false,
    keyId: "old",
    issuedOn: on("2026-01-01"),
    provenOn: on("2026-01-01"),
    promotedOn: undefined,
    deliveredOn: on("2026-01-01"),
    confirmedOn: on("2026-01-01T01:00:00"),
    checkedOn: undefined,
    refusedOn: undefined,
    asked: undefined,
    ...change,
  };
}

/** Issued on 2026-03-01, staged and proven, handed to nobody. */
export function next(change: Partial<Stored> = {}): Stored {
  return held({
    version: "n1",
    keyId: "new",
    createdOn: on("2026-03-01"),
    issuedOn: on("2026-03-01"),
    expiresOn: on("2026-05-30"),
    provenOn: on("2026-03-01"),
    deliveredOn: undefined,
    confirmedOn: undefined,
    ...change,
  });
}

/** A credential in Entra's list. */
export function issued(keyId: string, day: string): Issued {
  return { keyId, issuedOn: on(day), expiresOn: new Date(on(day).getTime() + 90 * 24 * 60 * 60 * 1000) };
}

export const steady: Observed = { issued: [issued("old", "2026-01-01")], current: held(), staged: undefined };

/** The world after the successor was staged and proven. */
export const prepared: Observed = {
  issued: [issued("old", "2026-01-01"), issued("new", "2026-03-01")],
  current: held(),
  staged: next(),
};

/** The world after the successor became current on 2026-03-02. */
export function promoted(change: Partial<Stored> = {}): Observed {
  const current = next({ version: "v2", createdOn: on("2026-03-02"), ...change });
  return { ...prepared, current, staged: next() };
}

export function run(change: Partial<Run> = {}): Run {
  return {
    beganOn: on("2026-01-01"),
    ask: undefined,
    leavesPushToEvent: false,
    revoked: false,
    skips: new Set(),
    ...change,
  };
}

export function ask(issuedBefore: string, revokeOld = false): Ask {
  return { because: "compromised", issuedBefore: on(issuedBefore), revokeOld };
}

/** The whole plan at a moment; the run begins then too, and has checked and handed on what is current, unless told otherwise. */
export function planAt(world: Observed, moment: string, change: Partial<Run> = {}): Plan {
  const own = run({ beganOn: on(moment), ...seen(world), ...change });
  return planRotation(world, policy, { name: "secret", now: on(moment), run: own });
}

function seen({ current }: Observed): Partial<Run> {
  return { checked: current, handedOn: current?.version };
}

/** The next step as "kind target (because)", or undefined. */
export function stepAt(world: Observed, moment: string, change: Partial<Run> = {}): string | undefined {
  const { next: step } = planAt(world, moment, change);
  return step && `${step.kind} ${step.target} (${step.because})`;
}

/** The kinds of all steps that would follow if each succeeded at once. */
export function forecastAt(world: Observed, moment: string, change: Partial<Run> = {}): string[] {
  const steps = forecast(world, policy, {
    name: "secret",
    now: on(moment),
    run: run({ beganOn: on(moment), ...seen(world), ...change }),
  });
  return steps.map((step) => `${step.kind} ${step.target}`);
}
