import { HOUR, LONGEST_RUN, MINUTE, MOST_IN_EMERGENCY, MOST_MANAGED } from "../../shared/limits.ts";
import type { Credential } from "./entra.ts";
import { type Holder, lastHeld } from "./holder.ts";
import type { Journal } from "./journal.ts";
import type { Network } from "./network.ts";
import type { Server } from "./open-metadata.ts";
import { overlaps } from "./overlaps.ts";
import { checkRetirement } from "./retirement.ts";
import type { Run } from "./run.ts";
import {
  isDisplaced,
  isGood,
  issuedAt,
  replacementWanted,
  stageAt,
  successorWanted,
  type Truth,
  usableStaged,
  wasToReplace,
} from "./truth.ts";
import type { VaultVersion } from "./vault.ts";
import type { Watch } from "./watch.ts";

/** What the checks look at; everything is known by the time the first write happens. */
export interface Scene {
  truth: Truth;
  server: Server;
  network: Network;
  journal: Journal;
  /** Ingestion that reads the vault. */
  reader: Holder;
  /** When a person last did something. */
  lastAct(): number;
}

/** Whatever was issued so long ago, any run that issues now must have seen in Entra's lagging list. */
const SEEN = 45 * MINUTE;

/** From the last sign-in before a promotion to its taking effect; and the same of a whole push, landing late. */
const STANDSTILL = 8 * MINUTE;
const PUSH = 20 * MINUTE;

/** Holds every write against the promises, at the moment when it takes effect. */
export function checks(scene: () => Scene): Watch {
  const lastIssue = new Map<Run, number>();
  const cluster = overlaps();
  const deliveries = new Map<VaultVersion, number>();
  const pushes = new Map<Run, number>();
  const revocations = new Map<Run, number>();
  const landings = new Map<Holder, { run: Run | undefined; at: number }>();

  const issued = (run: Run, credential: Credential): void => {
    const { keyId } = credential;
    const { truth, journal, lastAct } = scene();
    journal.note(run.name, `Entra issues ${keyId}`);
    journal.count("credentials issued");
    // A doubled request issues two in one moment: that is the network's doing.
    const before = lastIssue.get(run);
    lastIssue.set(run, truth.now());
    if (lastAct() >= run.beganAt || before === truth.now()) return;
    mustBeAnnounced(run, credential);
    const tooMany = cluster.issued(run);
    if (tooMany > 0) {
      const what = `${run.name} issues ${keyId}, ${tooMany} more than one for each run that overlaps or crashed`;
      journal.breaks("I6 overlaps are harmless", what);
    }
    if (!successorWanted(truth, run)) journal.breaks("I7 idempotence", `${run.name} issues ${keyId} without need`);
    const older = truth.entra.all.filter(
      (one) => one.managed && truth.entra.lives(one) && truth.now() - one.issuedAt > SEEN,
    );
    const current = truth.current.latest();
    const served = isGood(truth, current) && current.createdAt < run.beganAt;
    if (older.length >= (served ? MOST_MANAGED : MOST_IN_EMERGENCY) && !run.ask?.revokeOld) {
      journal.breaks("I3 recoverable or inert", `${run.name} issues ${keyId} beside ${older.length} others`);
    }
    const usable = usableStaged(truth, run);
    if (!usable) return;
    // Under an intent the vault lists versions with whole seconds: of two in one second nobody knows which is newer.
    const twins = truth.staged.versions.filter(
      (one) => !one.intent && Math.floor(one.createdAt / 1000) === Math.floor(usable.createdAt / 1000),
    );
    if (twins.length > 1) journal.count("credentials that two versions in one second cost");
    else if (usable.createdAt >= run.beganAt) journal.count("credentials that overlapping runs cost");
    else journal.breaks("I7 idempotence", `${run.name} issues ${keyId} although ${usable.tags?.keyId} is staged`);
  };

  /** Should its value be lost, its name tells whose it was: so the vault holds it before, and it is used once. */
  const mustBeAnnounced = (run: Run, { keyId, displayName }: Credential): void => {
    const { truth, journal } = scene();
    const named = truth.staged.versions.some(({ intent, tags }) => intent && displayName.endsWith(tags?.nonce ?? "?"));
    const twins = truth.entra.all.filter(
      (one) => one.displayName === displayName && one.managed && one.keyId !== keyId,
    );
    if (!named) journal.breaks("I3 recoverable or inert", `${run.name} issues ${keyId} without an intent in the vault`);
    if (twins.length > 0) journal.breaks("I3 recoverable or inert", `${run.name} issues ${keyId} under a used name`);
  };

  /** Proven, known everywhere, and not gone, or gone so recently that the last sign-in with it still succeeded. */
  const mustSignIn = (
    run: Run | undefined,
    value: string,
    { doing, within }: { doing: string; within: number },
  ): void => {
    const { truth, journal } = scene();
    const credential = truth.entra.byValue(value);
    const who = `${run?.name ?? "somebody"} ${doing} ${credential?.keyId ?? "a value unknown to Entra"}`;
    if (!credential) journal.breaks("I2 nothing unproven", who);
    if (!credential?.managed) return;
    const { provenAt, settledAt, removedAt, removedBy, forgottenAt } = credential;
    if (removedAt === undefined && (provenAt === undefined || settledAt > truth.now())) {
      journal.breaks("I2 nothing unproven", `${who}, which is unproven`);
    }
    if (removedBy === "rotation") journal.breaks("I4 no early retirement", `${who}, which the app has retired`);
    if (truth.now() > forgottenAt + within) journal.breaks("I2 nothing unproven", `${who}, which no longer signs in`);
  };

  const promoted = (run: Run, version: VaultVersion): void => {
    const { truth, journal, lastAct } = scene();
    journal.note(run.name, `the vault stores ${version.tags?.keyId} as current, ${version.version}`);
    journal.count("promotions");
    mustSignIn(run, version.value, { doing: "promotes", within: STANDSTILL });
    const before = truth.current.versions.at(-2);
    const due = stageAt(truth, version) + truth.policy.stageAheadHours * HOUR;
    if (truth.now() > due + STANDSTILL) {
      journal.breaks("I7 idempotence", `${run.name} promotes ${version.tags?.keyId}, which is itself due`);
    }
    // A person may have recovered what was missing, or taken away what is put back, since the run looked last.
    const meddled = lastAct() >= Math.max(run.beganAt, truth.now() - STANDSTILL);
    const again = before && wasToReplace(truth, version, before);
    if (!meddled && !again && !replacementWanted(truth, run, before)) {
      journal.breaks("I7 idempotence", `${run.name} promotes ${version.tags?.keyId} without need`);
    }
    // By the app's own clock: it announces a credential before it asks for it. Nothing can keep a run from it that
    // stands still between its last look and this; then whoever looks next must see which of the two it shall be.
    if (isGood(truth, before) && issuedAt(version) < issuedAt(before)) {
      const what = `${run.name} puts ${version.tags?.keyId} back in the place of ${before.tags?.keyId}`;
      const looked = run.lookedAt !== undefined && run.lookedAt <= before.createdAt;
      if (!looked) journal.breaks("I6 overlaps are harmless", `${what}, without a look at the last moment`);
      else if (isDisplaced(truth, version)) journal.count("stale promotions");
      // Its note was taken back or hidden by runs that stood still too, each at one certain request: see docs/proof.md.
      else if (wasToReplace(truth, before, version)) journal.count("stale promotions that nothing tells");
      else journal.breaks("I6 overlaps are harmless", what);
    }
  };

  /** During the run everybody must have held it, if only for a moment: another run may have pushed since. */
  const delivered = (run: Run, version: VaultVersion): void => {
    const { truth, journal, server } = scene();
    for (const holder of server.holders()) {
      const last = lastHeld(holder, version.value, truth.now());
      if (last !== undefined && last >= run.beganAt) continue;
      if ([...holder.held.values()].every(({ first }) => first > run.beganAt)) continue;
      const what = `${run.name} notes ${version.tags?.keyId} as delivered, but ${holder.name} never got it`;
      journal.breaks("delivered means verified", what);
    }
  };

  /** Of two overlapping pushes the later secret wins: whoever pushed the older one last must notice. */
  const notStale = (run: Run, version: VaultVersion): void => {
    const { truth, journal, server } = scene();
    const current = truth.current.latest();
    if (!current || current.value === version.value) return;
    for (const holder of server.holders()) {
      const landing = landings.get(holder);
      if (holder.value !== version.value || landing?.run !== run || landing.at <= current.createdAt) continue;
      const what = `${run.name} leaves ${version.tags?.keyId} with ${holder.name}, though ${current.tags?.keyId} was current before`;
      journal.breaks("I6 overlaps are harmless", what);
    }
  };

  return {
    issued,
    announced: (run) => cluster.announced(run),
    promoted,
    retires(run, credential) {
      const { journal } = scene();
      const remover = checkRetirement(scene(), run, credential);
      journal.note(run.name, `Entra removes ${credential.keyId} (${remover})`);
      journal.count("credentials retired");
      if (remover === "revocation") revocations.set(run, scene().truth.now());
      return remover;
    },
    staged: (run, version) => scene().journal.note(run.name, `the vault stores ${version.tags?.keyId} as staged`),
    pushed(run) {
      if (!run) return;
      const { truth, journal } = scene();
      pushes.set(run, truth.now());
      const current = truth.current.latest();
      const notedAt = (current && deliveries.get(current)) ?? Number.POSITIVE_INFINITY;
      // Late, double and reordered events do nothing.
      if (run.trigger !== "push-event" || !current?.tags?.deliveredOn || notedAt >= run.beganAt) return;
      journal.breaks("I7 idempotence", `${run.name} pushes ${current.tags?.keyId}, which was delivered before`);
    },
    converged(run) {
      const revoked = revocations.get(run);
      if (revoked === undefined || (pushes.get(run) ?? 0) > revoked) return;
      // A push that began earlier may have landed in between, with what is revoked now.
      scene().journal.breaks("I1 availability", `${run.name} revokes without pushing once more`);
    },
    noted(run, version, milestones) {
      const { truth, journal } = scene();
      journal.note(run.name, `notes ${Object.keys(milestones).join(", ")} on ${version.version}`);
      if (milestones.provenOn && truth.entra.byValue(version.value)?.provenAt === undefined) {
        journal.breaks("I2 nothing unproven", `${run.name} notes ${version.tags?.keyId} as proven`);
      }
      if (milestones.deliveredOn || milestones.confirmedOn) {
        if (!deliveries.has(version)) deliveries.set(version, truth.now());
        delivered(run, version);
        notStale(run, version);
      }
    },
    landed(run, holder) {
      const { truth, journal } = scene();
      const { value = "" } = holder;
      landings.set(holder, { run, at: truth.now() });
      journal.note(run?.name ?? "a person", `${holder.name} now holds ${truth.entra.byValue(value)?.keyId}`);
      mustSignIn(run, value, { doing: `gives ${holder.name}`, within: PUSH });
      const current = truth.current.latest();
      const { confirmedOn, deliveredOn } = current?.tags ?? {};
      if (!current || !confirmedOn || !deliveredOn || current.value === value || !run) return;
      const lateness = Math.round((truth.now() - deliveredOn.getTime() - LONGEST_RUN) / MINUTE);
      const what = `${holder.name} gets an older secret from ${run.name}, ${lateness} min after all such runs should be over`;
      journal.breaks("I6 overlaps are harmless", what);
    },
  };
}
