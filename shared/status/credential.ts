import type { CredentialKind } from "../deployment/credentials.ts";
import type { Finding } from "../hygiene/finding.ts";
import type { ProblemCode } from "../problems/problems.ts";
import { observe as observeToken } from "../rotation/bot-token/observe.ts";
import { planBotToken, dueOn as tokenDueOn } from "../rotation/bot-token/plan.ts";
import type { Ports as TokenPorts } from "../rotation/bot-token/ports.ts";
import { observe, type Sight } from "../rotation/client-secret/observe.ts";
import { planRotation } from "../rotation/client-secret/plan.ts";
import type { Ports, Signed } from "../rotation/client-secret/ports.ts";
import { readersWait } from "../rotation/client-secret/reasons.ts";
import type { Policy } from "../rotation/order.ts";
import type { Step } from "../rotation/outcome.ts";
import type { Version } from "../rotation/secret-store.ts";
import { deliveryOf, type Stored } from "../rotation/stored.ts";
import { type Coming, datesOf, dueSince } from "./due.ts";
import { otherInstallationFindings } from "./sharing.ts";

/** How far a stored secret has come. */
export type Stage = "announced" | "staged" | "proven" | "current" | "delivered" | "confirmed";

/** By which policy, at which moment. */
export interface Moment {
  policy: Policy;
  now: Date;
}

/** What status says about one credential: ids, dates and stages, never a value; with what belongs to the findings. */
export type Describe = (moment: Moment) => Promise<CredentialFacts & { findings: Finding[] }>;

/** Everything that status reads of one credential. */
export type CredentialFacts =
  | ClientSecretFacts
  | BotTokenFacts
  | { credential: CredentialKind; secret: string; unused: string };
export type ClientSecretFacts = Omit<Awaited<ReturnType<typeof describeClientSecret>>, "findings">;
export type BotTokenFacts = Omit<Exclude<Awaited<ReturnType<typeof describeBotToken>>, { unused: string }>, "findings">;

/** Describes a client secret: what Entra lists, what the vault holds, what is due, what waits. */
export async function describeClientSecret(credential: CredentialKind, ports: Ports, { policy, now }: Moment) {
  const sight = await observe(ports);
  const { current, staged, holder } = sight;
  const waits = readersWait(current, now);
  const skips = new Set<string>(waits ? ["push"] : []);
  const run = { beganOn: now, ask: undefined, leavesPushToEvent: false, revoked: false, skips };
  const { next, blocked, later } = planRotation(sight, policy, { name: ports.name, now, run });
  const isStaged = staged !== undefined && staged.keyId !== current?.keyId;
  const coming: Coming[] = waits
    ? [{ kind: "push", on: current.readUntil, target: current.keyId ?? ports.name, waits: "readers-pending" }]
    : [];
  return {
    credential,
    secret: ports.name,
    current: current && { ...facts(current), stage: currentStage(current), inEntra: listed(sight, current.keyId) },
    staged: isStaged
      ? { ...facts(staged), stage: stagedStage(staged), inEntra: listed(sight, staged.keyId) }
      : undefined,
    inEntra: {
      managed: holder.managed.map(({ keyId, issuedOn, expiresOn }) => ({ keyId, issuedOn, expiresOn })),
      foreign: holder.foreign,
      ...(holder.others.length > 0 ? { otherInstallations: holder.others.map(told) } : {}),
    },
    plan: current?.keyId === undefined ? undefined : datesOf(current, policy),
    dueNow: next && dueStep(next, dueSince(next, sight, policy, now)),
    blocked,
    code: blocked === undefined ? undefined : ("too-many-credentials" as const satisfies ProblemCode),
    later: soonestFirst([...coming, ...later]),
    findings: otherInstallationFindings(ports.name, holder.others),
  };
}

function told({ keyId, mark, issuedOn, expiresOn }: Signed) {
  return { keyId, mark, issuedOn, expiresOn };
}

function dueStep({ kind, because, target }: Step, since: Date | undefined) {
  return { kind, because, target, since };
}

function soonestFirst(coming: readonly Coming[]): Coming[] {
  return coming.toSorted((a, b) => a.on.getTime() - b.on.getTime());
}

/** Describes the token of a bot: what OpenMetadata holds, what the vault holds, what is due, what waits. */
export async function describeBotToken(ports: TokenPorts, { policy, now }: Moment) {
  const about = { credential: "bot-token" as const, secret: ports.name, findings: [] };
  const run = { beganOn: now, ask: undefined, issuedOn: undefined, skips: new Set<never>() };
  const moment = { name: ports.name, now, run };
  const look = await observeToken(ports, policy, { ...moment, thorough: true });
  if (look.kind !== "seen") return { ...about, unused: look.because };
  const { next, waits, later } = planBotToken(look, policy, moment);
  const { held, current, running } = look;
  const { keyId, issuedOn, expiresOn } = held;
  const due = tokenDueOn(held, policy);
  const coming: Coming[] = waits ? [{ kind: "issue", on: waits.until, target: ports.name, waits: waits.code }] : [];
  // What waits stands there once, with its reason.
  const others = waits ? later.filter(({ kind }) => kind !== "issue") : later;
  return {
    ...about,
    current: current && { ...facts(current), stage: currentStage(current), inOpenMetadata: current.keyId === keyId },
    inOpenMetadata: keyId === undefined ? "no token" : { keyId, issuedOn, expiresOn: expiresOn ?? "never" },
    plan: due && { dueOn: due },
    ...(running.length > 0 ? { runningPipelines: running } : {}),
    dueNow: next && dueStep(next, next.kind === "issue" ? due : next.kind === "push" ? current?.createdOn : undefined),
    waitingFor: waits?.because,
    code: waits?.code,
    later: soonestFirst([...coming, ...others]),
    ...(keyId !== undefined && expiresOn === undefined ? { hint: NO_EXPIRY } : {}),
  };
}

const NO_EXPIRY =
  'The token has no expiry, so it is not rotated automatically. To replace it with one that expires, call POST /api/rotate as below; whoever uses a copy must then read the new token from the vault:\n{"credential":"bot-token","because":"no expiry"}';

/** What may be told of a version: everything but its value. */
function facts(version: Stored) {
  const { keyId, enabled, issuedOn, expiresOn, provenOn, deliveredOn, confirmedOn, checkedOn, refusedOn } = version;
  const milestones = { issuedOn, expiresOn, provenOn, deliveredOn, confirmedOn, checkedOn, refusedOn };
  const { version: id, createdOn: storedOn, readUntil } = version;
  return { keyId, version: id, enabled, storedOn, ...milestones, delivery: deliveryOf(version), readUntil };
}

function currentStage({ deliveredOn, confirmedOn }: Stored): Stage {
  if (confirmedOn) return "confirmed";
  return deliveredOn ? "delivered" : "current";
}

function stagedStage({ intent, provenOn }: Version): Stage {
  if (intent) return "announced";
  return provenOn ? "proven" : "staged";
}

function listed({ issued }: Sight, keyId: string | undefined): boolean {
  return issued.some((one) => one.keyId === keyId);
}
