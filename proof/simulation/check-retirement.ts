import { CLOCK_SKEW, DAY, GRACE, MINUTE } from "../../shared/limits.ts";
import type { Credential, Remover } from "./credential.ts";
import type { Run } from "./run.ts";
import type { Scene } from "./scene.ts";
import { isGood, issuedAt } from "./truth.ts";
import type { VaultVersion } from "./vault.ts";

/** May the run remove this credential? Answers in whose name it does. */
export function checkRetirement(scene: Scene, run: Run, credential: Credential): Remover {
  const { truth, journal } = scene;
  const { keyId } = credential;
  const early = (why: string): void => journal.breaks("no early retirement", `${run.name} retires ${keyId}: ${why}`);
  if (!credential.managed) journal.breaks("foreign safety", `${run.name} retires ${keyId}, which is not the app's`);
  const current = truth.current.latest();
  if (current?.tags?.keyId === keyId) early("it is current");
  if (isRevocation(scene, run, credential)) {
    const without = scene.server
      .holders()
      .find((one) => !successorsOf(scene, credential).some(({ value }) => one.held.has(value)));
    if (without) early(`revoked before ${without.name} got its successor`);
    return "revocation";
  }
  if (run.ask?.revokeOld && isYoung(scene, credential)) early("it was issued after what is to be revoked");
  ordinary(scene, credential, early);
  return "rotation";
}

/**
 * The versions that came after the last one with this credential and sign in. A run that retires may have been
 * overtaken by a promotion, so any of them may be its reason.
 */
function successorsOf({ truth }: Scene, { value }: Credential): VaultVersion[] {
  const { versions } = truth.current;
  const last = versions.findLastIndex((one) => one.value === value);
  return versions.slice(last + 1).filter((one) => isGood(truth, one));
}

/** Asked for, and really issued before the moment that was asked for, by the app's own clock. */
function isRevocation({ truth }: Scene, { ask }: Run, credential: Credential): boolean {
  if (!ask?.revokeOld) return false;
  const stored = [...truth.staged.versions, ...truth.current.versions].find(({ value }) => value === credential.value);
  return (stored ? issuedAt(stored) : announcedAt(credential)) < ask.issuedBefore.getTime();
}

/** One whose value was lost is dated by its name in Entra alone: a run may stand still between naming and asking. */
function announcedAt({ displayName, issuedAt: on }: Credential): number {
  const [time] = /\d{4}-\d\d-\d\dT[\d:.]+Z/.exec(displayName) ?? [];
  return time === undefined ? on : new Date(time).getTime();
}

function isYoung({ truth }: Scene, { issuedAt: on }: Credential): boolean {
  return truth.now() - on < GRACE - CLOCK_SKEW;
}

/** Of two versions in one second nobody can tell which is the newer, while an announcement lies over them. */
function hasTwin({ truth }: Scene, { version, createdAt }: VaultVersion): boolean {
  const second = (time: number): number => Math.floor(time / 1000);
  return truth.staged.versions.some(
    (one) => !one.intent && one.version !== version && second(one.createdAt) === second(createdAt),
  );
}

/** Replaced, delivered for the whole overlap, held by nobody, on its way to nobody, and nobody's work in progress. */
function ordinary(scene: Scene, credential: Credential, early: (why: string) => void): void {
  const { truth, server, network, reader } = scene;
  const { keyId, value } = credential;
  const staged = truth.staged.latest();
  if (staged && !staged.intent && staged.tags?.keyId === keyId && !hasTwin(scene, staged)) early("it is staged");
  if (isYoung(scene, credential)) early("it is too young to be given up");
  for (const one of [...server.holders(), reader]) if (one.value === value) early(`${one.name} holds it`);
  if (network.onTheWay(value) > 0) early("a write that carries it is on its way");
  const since = truth.now() - truth.policy.overlapDays * DAY + 2 * MINUTE;
  const isOver = (successor: VaultVersion): boolean =>
    server.holders().every(({ held }) => {
      const first = held.get(successor.value)?.first;
      const isNew = [...held.values()].every((time) => time.first > since);
      return isNew || (first !== undefined && first <= since);
    });
  // One that never became current nobody was given: a person may take away the current one just when it goes.
  const wasCurrent = truth.current.versions.some((one) => one.value === value);
  if (wasCurrent && !successorsOf(scene, credential).some(isOver))
    early("not everybody has had a successor for the whole overlap");
}
