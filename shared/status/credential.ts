import type { Sight } from "../rotation/observe.ts";
import type { Version } from "../rotation/ports.ts";
import type { Plan } from "../rotation/state.ts";

/** How far a stored secret has come. */
export type Stage = "announced" | "staged" | "proven" | "current" | "delivered" | "confirmed";

/** What status says about one credential: ids, dates and stages, never a value. Pure. */
export function describeCredential(secret: string, sight: Sight, plan: Plan) {
  const { current, staged, holder } = sight;
  const next = plan.next && { kind: plan.next.kind, because: plan.next.because, target: plan.next.target };
  const isStaged = staged !== undefined && staged.keyId !== current?.keyId;
  return {
    credential: "ingestion-client-secret",
    secret,
    current: current && { ...facts(current), stage: currentStage(current), inEntra: listed(sight, current.keyId) },
    staged: isStaged
      ? { ...facts(staged), stage: stagedStage(staged), inEntra: listed(sight, staged.keyId) }
      : undefined,
    inEntra: {
      managed: holder.managed.map(({ keyId, issuedOn, expiresOn }) => ({ keyId, issuedOn, expiresOn })),
      foreign: holder.foreign,
    },
    dueNow: next,
    blocked: plan.blocked,
    later: plan.later,
  };
}

function facts({ keyId, version, enabled, issuedOn, expiresOn, provenOn, deliveredOn, confirmedOn }: Version) {
  return { keyId, version, enabled, issuedOn, expiresOn, provenOn, deliveredOn, confirmedOn };
}

function currentStage({ deliveredOn, confirmedOn }: Version): Stage {
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
