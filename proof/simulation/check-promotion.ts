import { HOUR, MINUTE } from "../../shared/limits.ts";
import type { Run } from "./run.ts";
import type { Scene } from "./scene.ts";
import { isDisplaced, isGood, issuedAt, replacementWanted, stageAt, wasToReplace } from "./truth.ts";
import type { VaultVersion } from "./vault.ts";

/** From the last sign-in before a promotion to its taking effect. */
const STANDSTILL = 8 * MINUTE;

/** Whether what becomes current signs in, was wanted, and takes the place of nothing newer. */
export function checkPromotion(scene: Scene, run: Run, version: VaultVersion): void {
  const { truth, journal, lastAct } = scene;
  journal.note(run.name, `the vault stores ${version.tags?.keyId} as current, ${version.version}`);
  journal.count("promotions");
  mustSignIn(scene, run, { value: version.value, doing: "promotes", within: STANDSTILL });
  const before = truth.current.versions.at(-2);
  const due = stageAt(truth, version) + truth.policy.stageAheadHours * HOUR;
  if (truth.now() > due + STANDSTILL) {
    journal.breaks("no needless work", `${run.name} promotes ${version.tags?.keyId}, which is itself due`);
  }
  // A person may have recovered what was missing, or taken away what is put back, since the run looked last.
  const meddled = lastAct() >= Math.max(run.beganAt, truth.now() - STANDSTILL);
  const again = before && wasToReplace(truth, version, before);
  if (!meddled && !again && !replacementWanted(truth, run, before)) {
    journal.breaks("no needless work", `${run.name} promotes ${version.tags?.keyId} without need`);
  }
  // By the app's own clock: it announces a credential before it asks for it. Nothing can keep a run from it that
  // stands still between its last look and this; then whoever looks next must see which of the two it shall be.
  if (isGood(truth, before) && issuedAt(version) < issuedAt(before)) {
    const what = `${run.name} puts ${version.tags?.keyId} back in the place of ${before.tags?.keyId}`;
    const looked = run.lookedAt !== undefined && run.lookedAt <= before.createdAt;
    if (!looked) journal.breaks("overlap and order", `${what}, without a look at the last moment`);
    else if (isDisplaced(truth, version)) journal.count("stale promotions");
    // Its note was taken back or hidden by runs that stood still too, each at one certain request: see docs/proof.md.
    else if (wasToReplace(truth, before, version)) journal.count("stale promotions that nothing tells");
    else journal.breaks("overlap and order", what);
  }
}

/** Proven, known everywhere, and not gone, or gone so recently that the last sign-in with it still succeeded. */
export function mustSignIn(
  { truth, journal }: Scene,
  run: Run | undefined,
  { value, doing, within }: { value: string; doing: string; within: number },
): void {
  const credential = truth.entra.byValue(value);
  const who = `${run?.name ?? "somebody"} ${doing} ${credential?.keyId ?? "a value unknown to Entra"}`;
  if (!credential) journal.breaks("proof before use", who);
  if (!credential?.managed) return;
  const { provenAt, settledAt, removedAt, removedBy, forgottenAt } = credential;
  if (removedAt === undefined && (provenAt === undefined || settledAt > truth.now())) {
    journal.breaks("proof before use", `${who}, which is unproven`);
  }
  if (removedBy === "rotation") journal.breaks("no early retirement", `${who}, which the app has retired`);
  if (truth.now() > forgottenAt + within) journal.breaks("proof before use", `${who}, which no longer signs in`);
}
