import type { CredentialKind } from "../deployment/credentials.ts";
import type { Finding } from "../hygiene/finding.ts";
import type { ProblemCode } from "../problems/problems.ts";
import { observe as observeToken } from "../rotation/bot-token/observe.ts";
import { planBotToken } from "../rotation/bot-token/plan.ts";
import type { Ports as TokenPorts } from "../rotation/bot-token/ports.ts";
import { observe, type Sight } from "../rotation/client-secret/observe.ts";
import { planRotation } from "../rotation/client-secret/plan.ts";
import type { Ports, Signed } from "../rotation/client-secret/ports.ts";
import type { Policy } from "../rotation/order.ts";
import type { Version } from "../rotation/secret-store.ts";
import type { Stored } from "../rotation/stored.ts";
import { otherInstallationFindings } from "./sharing.ts";

/** How far a stored secret has come. */
export type Stage = "announced" | "staged" | "proven" | "current" | "delivered" | "confirmed";

/** By which policy, at which moment. */
export interface Moment {
  policy: Policy;
  now: Date;
}

/** What status says about one credential: ids, dates and stages, never a value; with what belongs to the findings. */
export type Describe = (moment: Moment) => Promise<object & { findings?: Finding[] | undefined }>;

/** Describes a client secret: what Entra lists, what the vault holds, what is due. */
export async function describeClientSecret(credential: CredentialKind, ports: Ports, { policy, now }: Moment) {
  const sight = await observe(ports);
  const run = { beganOn: now, ask: undefined, leavesPushToEvent: false, revoked: false, skips: new Set<never>() };
  const { next, blocked, later } = planRotation(sight, policy, { name: ports.name, now, run });
  const { current, staged, holder } = sight;
  const isStaged = staged !== undefined && staged.keyId !== current?.keyId;
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
    dueNow: next && { kind: next.kind, because: next.because, target: next.target },
    blocked,
    code: blocked && ("too-many-credentials" satisfies ProblemCode),
    later,
    findings: otherInstallationFindings(ports.name, holder.others),
  };
}

function told({ keyId, mark, issuedOn, expiresOn }: Signed) {
  return { keyId, mark, issuedOn, expiresOn };
}

/** Describes the token of a bot: what OpenMetadata holds, what the vault holds, what is due. */
export async function describeBotToken(ports: TokenPorts, { policy, now }: Moment) {
  const about = { credential: "bot-token", secret: ports.name, findings: [] };
  const run = { beganOn: now, ask: undefined, issuedOn: undefined, skips: new Set<never>() };
  const moment = { name: ports.name, now, run };
  const look = await observeToken(ports, policy, { ...moment, thorough: true });
  if (look.kind !== "seen") return { ...about, unused: look.because };
  const { next, waits, later } = planBotToken(look, policy, moment);
  const { held, current, running } = look;
  const { keyId, issuedOn, expiresOn } = held;
  return {
    ...about,
    current: current && { ...facts(current), stage: currentStage(current), inOpenMetadata: current.keyId === keyId },
    inOpenMetadata: keyId === undefined ? "no token" : { keyId, issuedOn, expiresOn: expiresOn ?? "never" },
    ...(running.length > 0 ? { runningPipelines: running } : {}),
    dueNow: next && { kind: next.kind, because: next.because, target: next.target },
    waitingFor: waits?.because,
    code: waits?.code,
    later,
    ...(keyId !== undefined && expiresOn === undefined ? { hint: NO_EXPIRY } : {}),
  };
}

const NO_EXPIRY =
  'The token has no expiry, so it is not rotated automatically. To replace it with one that expires, call POST /api/rotate as below; whoever uses a copy must then read the new token from the vault:\n{"credential":"bot-token","because":"no expiry"}';

function facts({
  keyId,
  version,
  enabled,
  issuedOn,
  expiresOn,
  provenOn,
  deliveredOn,
  confirmedOn,
  checkedOn,
}: Stored) {
  return { keyId, version, enabled, issuedOn, expiresOn, provenOn, deliveredOn, confirmedOn, checkedOn };
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
