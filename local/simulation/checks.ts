import { LONGEST_RUN, MINUTE } from "../../shared/rotation/state.ts";
import type { Credential } from "./entra.ts";
import { type Holder, lastHeld } from "./holder.ts";
import type { Journal } from "./journal.ts";
import { LEFT_OUT } from "./known.ts";
import type { Network } from "./network.ts";
import type { Server } from "./open-metadata.ts";
import { overlaps } from "./overlaps.ts";
import { checkRetirement } from "./retirement.ts";
import type { Run } from "./run.ts";
import { isGood, issuedAt, successorWanted, type Truth, usableStaged } from "./truth.ts";
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

/** Holds every write against the promises, at the moment when it takes effect. */
export function checks(scene: () => Scene): Watch {
  const lastIssue = new Map<Run, number>();
  const cluster = overlaps();

  const issued = (run: Run, { keyId }: Credential): void => {
    const { truth, journal, lastAct } = scene();
    journal.note(run.name, `Entra issues ${keyId}`);
    journal.count("credentials issued");
    // A doubled request issues two in one moment: that is the network's doing.
    const before = lastIssue.get(run);
    lastIssue.set(run, truth.now());
    if (lastAct() >= run.beganAt || before === truth.now()) return;
    const tooMany = cluster.issued(run);
    if (tooMany > 0 && !LEFT_OUT.hiddenByIntent) {
      const what = `${run.name} issues ${keyId}, ${tooMany} more than one for each run that overlaps or crashed`;
      journal.breaks("I6 overlaps are harmless", what);
    }
    if (!successorWanted(truth, run)) journal.breaks("I7 idempotence", `${run.name} issues ${keyId} without need`);
    const usable = usableStaged(truth, run);
    if (!usable) return;
    if (usable.createdAt >= run.beganAt) journal.count("credentials that overlapping runs cost");
    else journal.breaks("I7 idempotence", `${run.name} issues ${keyId} although ${usable.tags?.keyId} is staged`);
  };

  /** Proven, known everywhere, and not gone; what a person removed cannot be helped. */
  const mustSignIn = (run: Run | undefined, value: string, doing: string): void => {
    const { truth, journal } = scene();
    const credential = truth.entra.byValue(value);
    const who = `${run?.name ?? "somebody"} ${doing} ${credential?.keyId ?? "a value unknown to Entra"}`;
    if (!credential) journal.breaks("I2 nothing unproven", who);
    if (!credential?.managed) return;
    const proven = credential.provenAt !== undefined && credential.settledAt <= truth.now();
    if (!proven && credential.removedAt === undefined)
      journal.breaks("I2 nothing unproven", `${who}, which is unproven`);
    if (credential.removedBy === "rotation")
      journal.breaks("I4 no early retirement", `${who}, which the app has retired`);
  };

  const promoted = (run: Run, version: VaultVersion): void => {
    const { truth, journal } = scene();
    journal.note(run.name, `the vault stores ${version.tags?.keyId} as current, ${version.version}`);
    journal.count("promotions");
    mustSignIn(run, version.value, "promotes");
    const before = truth.current.versions.at(-2);
    // By the app's own clock: it announces a credential before it asks for it.
    if (!LEFT_OUT.stalePromotion && isGood(truth, before) && issuedAt(version) < issuedAt(before)) {
      const what = `${run.name} puts ${version.tags?.keyId} back in the place of ${before.tags?.keyId}`;
      journal.breaks("I6 overlaps are harmless", what);
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

  return {
    issued,
    announced: (run) => cluster.announced(run),
    promoted,
    retires(run, credential) {
      const { journal } = scene();
      const remover = checkRetirement(scene(), run, credential);
      journal.note(run.name, `Entra removes ${credential.keyId} (${remover})`);
      journal.count("credentials retired");
      return remover;
    },
    staged: (run, version) => scene().journal.note(run.name, `the vault stores ${version.tags?.keyId} as staged`),
    noted(run, version, milestones) {
      const { truth, journal } = scene();
      journal.note(run.name, `notes ${Object.keys(milestones).join(", ")} on ${version.version}`);
      if (milestones.provenOn && truth.entra.byValue(version.value)?.provenAt === undefined) {
        journal.breaks("I2 nothing unproven", `${run.name} notes ${version.tags?.keyId} as proven`);
      }
      if (milestones.deliveredOn || milestones.confirmedOn) delivered(run, version);
    },
    landed(run, holder) {
      const { truth, journal } = scene();
      const { value = "" } = holder;
      journal.note(run?.name ?? "a person", `${holder.name} now holds ${truth.entra.byValue(value)?.keyId}`);
      mustSignIn(run, value, `gives ${holder.name}`);
      const current = truth.current.latest();
      const { confirmedOn, deliveredOn } = current?.tags ?? {};
      if (!current || !confirmedOn || !deliveredOn || current.value === value || !run) return;
      const lateness = Math.round((truth.now() - deliveredOn.getTime() - LONGEST_RUN) / MINUTE);
      const what = `${holder.name} gets an older secret from ${run.name}, ${lateness} min after all such runs should be over`;
      journal.breaks("I6 overlaps are harmless", what);
    },
  };
}
