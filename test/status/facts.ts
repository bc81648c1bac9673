import type { Condition } from "../../shared/status/condition.ts";
import type { BotTokenFacts, ClientSecretFacts } from "../../shared/status/credential.ts";
import type { Judging } from "../../shared/status/credential-conditions.ts";
import type { DeploymentFacts } from "../../shared/status/deployment-conditions.ts";

/** Noon of the day on which everything here is looked at. */
export const NOW = new Date("2031-03-03T12:00:00Z");
const DAY = 24 * 3_600_000;

/** So many days from then. */
export const day = (days: number): Date => new Date(NOW.getTime() + days * DAY);
/** So many hours from then. */
export const hour = (hours: number): Date => new Date(NOW.getTime() + (hours * DAY) / 24);

export const JUDGING: Judging = { now: NOW, lateAfter: DAY / 12, isSetUp: true };

const nothing = { provenOn: undefined, refusedOn: undefined, checkedOn: undefined, readUntil: undefined };

type Current = NonNullable<ClientSecretFacts["current"]>;

/** The current client secret ten days after its delivery, and 50 before it is due. */
export function current(changes: Partial<Current> = {}): Current {
  return {
    ...nothing,
    keyId: "current",
    version: "v2",
    enabled: true,
    storedOn: day(-10),
    issuedOn: day(-11),
    expiresOn: day(80),
    provenOn: day(-11),
    deliveredOn: day(-10),
    confirmedOn: day(-9),
    delivery: "verified",
    stage: "confirmed",
    inEntra: true,
    ...changes,
  };
}

/** A client secret of which all is well. */
export function clientSecret(changes: Partial<ClientSecretFacts> = {}): ClientSecretFacts {
  return {
    credential: "ingestion-client-secret",
    secret: "openmetadata-ingestion-client-secret",
    current: current(),
    staged: undefined,
    inEntra: { managed: [{ keyId: "current", issuedOn: day(-11), expiresOn: day(80) }], foreign: 0 },
    plan: { stageOn: day(49), dueOn: day(50), retireOn: day(-3) },
    dueNow: undefined,
    blocked: undefined,
    code: undefined,
    later: [{ kind: "issue", on: day(49), target: "openmetadata-ingestion-client-secret" }],
    ...changes,
  };
}

/** The token of a bot of which all is well. */
export function botToken(changes: Partial<BotTokenFacts> = {}): BotTokenFacts {
  const { inEntra: _, ...rest } = current();
  return {
    credential: "bot-token",
    secret: "openmetadata-bot-token",
    current: { ...rest, inOpenMetadata: true },
    inOpenMetadata: { keyId: "current", issuedOn: day(-11), expiresOn: day(80) },
    plan: { dueOn: day(50) },
    dueNow: undefined,
    waitingFor: undefined,
    code: undefined,
    later: [],
    ...changes,
  };
}

/** A deployment of which all is well. */
export function deployment(changes: Partial<DeploymentFacts> = {}): DeploymentFacts {
  return {
    identity: { graphPermissions: { missing: [] } },
    registrations: { server: { found: true }, ingestion: { found: true } },
    openMetadata: { version: "1.12.6", obstacles: [], access: { user: "app", isAdmin: true } },
    drift: { findings: [] },
    credentials: [],
    ...changes,
  };
}

/** Each condition in one line, as an operator reads it. */
export const told = (conditions: readonly Condition[]): string[] =>
  conditions.map(({ type, status, verdict, reason, message, since }) =>
    [`${type} ${status}, ${verdict}: ${reason}. ${message}`, ...(since ? [since.toISOString()] : [])].join(" | "),
  );
