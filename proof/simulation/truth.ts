import { ASK_GOES_ON, DAY, HOUR, LONGEST_RUN, MINUTE, PROOF_PATIENCE } from "../../shared/limits.ts";
import type { Policy } from "../../shared/rotation/order.ts";
import type { Entra } from "./entra.ts";
import type { Run } from "./run.ts";
import type { VaultSecret, VaultVersion } from "./vault.ts";

export interface Truth {
  now: () => number;
  policy: Policy;
  entra: Entra;
  current: VaultSecret;
  staged: VaultSecret;
}

/** Requests take a while: what is decided at one moment takes effect at a later one. */
const TOLERANCE = MINUTE;

/** Ours, enabled, and really alive in Entra. */
export function isGood({ entra }: Truth, version: VaultVersion | undefined): version is VaultVersion {
  const credential = entra.byKey(version?.tags?.keyId);
  return version?.enabled === true && credential !== undefined && entra.lives(credential);
}

/** From when on a successor of this version is to be staged. */
export function stageAt({ policy }: Truth, { expiresOn }: VaultVersion): number {
  return (expiresOn?.getTime() ?? 0) - policy.renewBeforeDays * DAY - policy.stageAheadHours * HOUR;
}

/** Is there a reason to have a successor of the current secret? Derived anew, not asked of the plan. */
export function successorWanted(truth: Truth, run: Run): boolean {
  const current = truth.current.latest();
  if (!isGood(truth, current) || current.createdAt >= run.beganAt) return true;
  if (truth.now() >= stageAt(truth, current)) return true;
  return run.ask !== undefined && issuedAt(current) < run.ask.issuedBefore.getTime();
}

/** Is there a reason to put another one into its place now? */
export function replacementWanted(truth: Truth, run: Run, current: VaultVersion | undefined): boolean {
  if (!isGood(truth, current) || current.createdAt >= run.beganAt) return true;
  const due = (current.expiresOn?.getTime() ?? 0) - truth.policy.renewBeforeDays * DAY;
  return truth.now() >= due || (run.ask !== undefined && issuedAt(current) < run.ask.issuedBefore.getTime());
}

/** Does the staged secret say that it, being newer, is to be current instead of this one? */
export function isDisplaced({ staged }: Truth, by: VaultVersion): boolean {
  const next = staged.latest();
  return next?.tags?.promotedOn !== undefined && issuedAt(next) > issuedAt(by);
}

/** A run has seen it say so. Another one, which noted that it is proven, may have taken the note back since. */
export function wasToReplace({ staged }: Truth, { value }: VaultVersion, by: VaultVersion): boolean {
  const noted = staged.versions.find((one) => one.value === value && one.notedAsPromoted);
  return noted !== undefined && issuedAt(noted) > issuedAt(by);
}

/** The staged version, if it could be promoted or still be proven. */
export function usableStaged(truth: Truth, run: Run): VaultVersion | undefined {
  const { staged, current, policy, now } = truth;
  const version = staged.latest();
  if (!isGood(truth, version) || version.intent || version.tags?.keyId === current.latest()?.tags?.keyId)
    return undefined;
  const due = (version.expiresOn?.getTime() ?? 0) - policy.renewBeforeDays * DAY;
  if (now() + TOLERANCE >= due) return undefined;
  if (!version.tags?.provenOn && now() + LONGEST_RUN > version.createdAt + PROOF_PATIENCE) return undefined;
  if (run.ask && issuedAt(version) < run.ask.issuedBefore.getTime() && !isAnswer(version, run)) return undefined;
  return version;
}

/** Was it issued for an earlier call of the same pipeline, or of one with the same reason, which this one repeats? */
function isAnswer({ tags }: VaultVersion, { ask, beganAt }: Run): boolean {
  const { asked } = tags ?? {};
  return ask?.open === true && asked?.because === ask.because && beganAt <= asked.before.getTime() + ASK_GOES_ON;
}

/** When the app says that it was issued. */
export function issuedAt({ tags, createdAt }: VaultVersion): number {
  return tags?.issuedOn?.getTime() ?? createdAt;
}
