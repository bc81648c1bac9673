import { LONGEST_RUN, MINUTE } from "../../shared/limits.ts";
import { mustSignIn } from "./check-promotion.ts";
import { type Holder, lastHeld } from "./holder.ts";
import type { Run } from "./run.ts";
import type { Scene } from "./scene.ts";
import type { VaultVersion } from "./vault.ts";
import type { Watch } from "./watch.ts";

/** From the last sign-in before a push to its taking effect, landing late. */
const PUSH = 20 * MINUTE;

/** Whether pushes bring what signs in, nothing old and nothing twice, and what is noted of them is so. */
export function deliveryChecks(
  scene: () => Scene,
): Pick<Watch, "pushed" | "noted" | "landed" | "converged"> & { revoked(run: Run): void } {
  /** Since when a version says when it was delivered: a run that notes something else may take that away again. */
  const deliveries = new Map<VaultVersion, { on: number | undefined; at: number }>();
  const pushes = new Map<Run, number>();
  const revocations = new Map<Run, number>();
  const landings = new Map<Holder, { run: Run | undefined; at: number }>();
  /** Of two overlapping pushes the later secret wins: whoever pushed the older one last must notice. */
  const notStale = (run: Run, version: VaultVersion): void => {
    const { truth, journal, server } = scene();
    const current = truth.current.latest();
    if (!current || current.value === version.value) return;
    for (const holder of server.holders()) {
      const landing = landings.get(holder);
      if (holder.value !== version.value || landing?.run !== run || landing.at <= current.createdAt) continue;
      const what = `${run.name} leaves ${version.tags?.keyId} with ${holder.name}, though ${current.tags?.keyId} was current before`;
      journal.breaks("overlap and order", what);
    }
  };
  return {
    revoked: (run) => void revocations.set(run, scene().truth.now()),
    pushed(run) {
      if (!run) return;
      const { truth, journal } = scene();
      pushes.set(run, truth.now());
      const current = truth.current.latest();
      const notedAt = (current && deliveries.get(current)?.at) ?? Number.POSITIVE_INFINITY;
      // Late, double and reordered events do nothing.
      if (run.trigger !== "push-event" || !current?.tags?.deliveredOn || notedAt >= run.beganAt) return;
      journal.breaks("no needless work", `${run.name} pushes ${current.tags?.keyId}, which was delivered before`);
    },
    converged(run) {
      const revoked = revocations.get(run);
      if (revoked === undefined || (pushes.get(run) ?? 0) > revoked) return;
      // A push that began earlier may have landed in between, with what is revoked now.
      scene().journal.breaks("availability", `${run.name} revokes without pushing once more`);
    },
    noted(run, version, milestones) {
      const { truth, journal } = scene();
      journal.note(run.name, `notes ${Object.keys(milestones).join(", ")} on ${version.version}`);
      if (milestones.provenOn && truth.entra.byValue(version.value)?.provenAt === undefined) {
        journal.breaks("proof before use", `${run.name} notes ${version.tags?.keyId} as proven`);
      }
      const on = version.tags?.deliveredOn?.getTime();
      if (deliveries.get(version)?.on !== on) deliveries.set(version, { on, at: truth.now() });
      if (milestones.deliveredOn || milestones.confirmedOn) {
        mustHaveBeenHeld(scene(), run, version);
        notStale(run, version);
      }
    },
    landed(run, holder) {
      const { truth, journal } = scene();
      const { value = "" } = holder;
      landings.set(holder, { run, at: truth.now() });
      journal.note(run?.name ?? "a person", `${holder.name} now holds ${truth.entra.byValue(value)?.keyId}`);
      mustSignIn(scene(), run, { value, doing: `gives ${holder.name}`, within: PUSH });
      const current = truth.current.latest();
      const { confirmedOn, deliveredOn } = current?.tags ?? {};
      if (!current || !confirmedOn || !deliveredOn || current.value === value || !run) return;
      const lateness = Math.round((truth.now() - deliveredOn.getTime() - LONGEST_RUN) / MINUTE);
      const what = `${holder.name} gets an older secret from ${run.name}, ${lateness} min after all such runs should be over`;
      journal.breaks("overlap and order", what);
    },
  };
}

/** During the run everybody must have held it, if only for a moment: another run may have pushed since. */
function mustHaveBeenHeld({ truth, journal, server }: Scene, run: Run, version: VaultVersion): void {
  for (const holder of server.holders()) {
    const last = lastHeld(holder, version.value, truth.now());
    if (last !== undefined && last >= run.beganAt) continue;
    if ([...holder.held.values()].every(({ first }) => first > run.beganAt)) continue;
    const what = `${run.name} notes ${version.tags?.keyId} as delivered, but ${holder.name} never got it`;
    journal.breaks("verified delivery", what);
  }
}
