import { MINUTE, MOST_IN_EMERGENCY, MOST_MANAGED } from "../../shared/limits.ts";
import type { Credential } from "./credential.ts";
import { overlaps } from "./overlaps.ts";
import type { Run } from "./run.ts";
import type { Scene } from "./scene.ts";
import { isGood, successorWanted, usableStaged } from "./truth.ts";

/** Whatever was issued so long ago, any run that issues now must have seen in Entra's lagging list. */
const SEEN = 45 * MINUTE;

/** Whether a credential was issued with a reason, announced before, and beside few others. */
export function issueChecks(scene: () => Scene) {
  const lastIssue = new Map<Run, number>();
  const cluster = overlaps();
  return {
    announced: (run: Run): void => cluster.announced(run),
    issued(run: Run, credential: Credential): void {
      const { keyId } = credential;
      const { truth, journal, lastAct } = scene();
      journal.note(run.name, `Entra issues ${keyId}`);
      journal.count("credentials issued");
      // A doubled request issues two in one moment: that is the network's doing.
      const before = lastIssue.get(run);
      lastIssue.set(run, truth.now());
      if (lastAct() >= run.beganAt || before === truth.now()) return;
      mustBeAnnounced(scene(), run, credential);
      const tooMany = cluster.issued(run);
      if (tooMany > 0) {
        const what = `${run.name} issues ${keyId}, ${tooMany} more than one for each run that overlaps or crashed`;
        journal.breaks("overlap and order", what);
      }
      mustBeNeeded(scene(), run, keyId);
    },
  };
}

function mustBeNeeded({ truth, journal }: Scene, run: Run, keyId: string): void {
  if (!successorWanted(truth, run)) journal.breaks("no needless work", `${run.name} issues ${keyId} without need`);
  const older = truth.entra.all.filter(
    (one) => one.managed && truth.entra.lives(one) && truth.now() - one.issuedAt > SEEN,
  );
  const current = truth.current.latest();
  const served = isGood(truth, current) && current.createdAt < run.beganAt;
  const most = served && !run.ask?.revokeOld ? MOST_MANAGED : MOST_IN_EMERGENCY;
  if (older.length >= most) {
    journal.breaks("recoverable or inert", `${run.name} issues ${keyId} beside ${older.length} others`);
  }
  const usable = usableStaged(truth, run);
  if (!usable) return;
  // Under an intent the vault lists versions with whole seconds: of two in one second nobody knows which is newer.
  const twins = truth.staged.versions.filter(
    (one) => !one.intent && Math.floor(one.createdAt / 1000) === Math.floor(usable.createdAt / 1000),
  );
  if (twins.length > 1) journal.count("credentials that two versions in one second cost");
  else if (usable.createdAt >= run.beganAt) journal.count("credentials that overlapping runs cost");
  else journal.breaks("no needless work", `${run.name} issues ${keyId} although ${usable.tags?.keyId} is staged`);
}

/** Should its value be lost, its name tells whose it was: so the vault holds it before, and it is used once. */
function mustBeAnnounced({ truth, journal }: Scene, run: Run, { keyId, displayName }: Credential): void {
  const named = truth.staged.versions.some(({ intent, tags }) => intent && displayName.endsWith(tags?.nonce ?? "?"));
  const twins = truth.entra.all.filter((one) => one.displayName === displayName && one.managed && one.keyId !== keyId);
  if (!named) journal.breaks("recoverable or inert", `${run.name} issues ${keyId} without an intent in the vault`);
  if (twins.length > 0) journal.breaks("recoverable or inert", `${run.name} issues ${keyId} under a used name`);
}
