import { DAY, MINUTE } from "../../../shared/limits.ts";
import { type Blow, strikeWrite } from "../../strikes/strike-write.ts";
import { isConverged } from "../convergence.ts";
import { repeatUntil } from "../repeat-until.ts";
import type { Scenario } from "../scenario.ts";
import type { Scene } from "../scene.ts";

/** Faults of the host: runs at once, runs that end in the middle, runs that do not come. */
export const HOST: Scenario[] = [
  {
    fault: 37,
    title: "Several runs at once",
    source: "floci-io/floci#3247, shibayan/keyvault-acmebot",
    injected: "the timer and two pipelines run at the same moment, when the secret is due",
    from: "due",
    overlaps: true,
    async play(scene) {
      const { setting } = scene;
      await Promise.all([
        setting.host.runTimer("rotate-on-schedule"),
        setting.call("POST", "rotate", {}),
        setting.call("POST", "rotate", {}),
      ]);
      await scene.clock.advance(MINUTE);
      scene.verify("issued at most one secret each", scene.issued() <= 3);
      scene.verify("delivered one of them", scene.truth.undelivered().length === 0);
    },
  },
  {
    fault: 38,
    variant: "provisioning",
    title: "The process is killed while registrations are made and consented to",
    source: "pnp/cli-microsoft365 (app-add.ts), microsoft/o365-moodle#2870",
    injected: "the process dies before, or right after, each write of POST /api/provision and POST /api/consent",
    from: "empty",
    overlaps: true,
    seen: "a call whose connection breaks",
    repeats: { path: "provision" },
    async play(scene) {
      let kills = 0;
      let same = true;
      for (const blow of ["dies before", "dies after"] as const) {
        for (let nth = 1; ; nth += 1) {
          const killed = await provisionAndDie(scene, nth, blow);
          for (const path of ["provision", "consent"]) await scene.converge(path);
          same &&= isProvisionedOnce(scene);
          forget(scene);
          if (!killed) break;
          kills += 1;
        }
      }
      scene.answers.splice(0);
      scene.verify(
        `one more call of each completed what each of ${kills} deaths had left, and made nothing twice`,
        same,
      );
    },
  },
  {
    fault: 38,
    variant: "rotation",
    title: "The process is killed in the middle of a rotation",
    source: "hashicorp/vault (WAL tests), KelvinTegelaar/CIPP-API",
    injected:
      "the process dies before, or right after, each write of a rotation, its delivery, confirmation and retirement; a new one starts a minute later",
    from: "settled",
    given: { settings: { SECRET_OVERLAP_DAYS: "0" } },
    overlaps: true,
    seen: "a run that has no end in the log; the caller's connection breaks",
    async play(scene) {
      let kills = 0;
      let most = 0;
      for (const blow of ["dies before", "dies after"] as const) {
        for (let nth = 1; ; nth += 1) {
          const killed = await rotateAndDie(scene, nth, blow);
          if (!killed) break;
          kills += 1;
          most = Math.max(most, await runsUntilConverged(scene));
        }
      }
      scene.noteRuns(most);
      scene.verify(`went on after each of ${kills} deaths`, kills > 20);
      scene.verify("left at most one inert orphan each time", scene.mostOrphans() <= 1);
    },
  },
  {
    fault: 39,
    title: "The timer does not run for a day",
    source: "Azure/durabletask#1114",
    injected: "the app is not running from the moment that the secret is due until a day later",
    from: "due",
    async play(scene) {
      await scene.sleep(DAY);
      await scene.setting.host.runTimer("rotate-on-schedule", { isPastDue: true });
      await scene.clock.advance(25 * MINUTE);
      scene.noteRuns(1);
      scene.verify("one late run caught up", scene.issued() === 1 && scene.truth.undelivered().length === 0);
    },
  },
];

/** A rotation that was asked for, with what follows from it; tells whether there was an nth write to die at. */
async function rotateAndDie(scene: Scene, nth: number, blow: Blow): Promise<boolean> {
  const struck = strikeWrite(scene.setting, { nth, blow });
  await scene.setting.call("POST", "rotate", { because: "fault list", issuedBefore: scene.clock.now().toISOString() });
  await repeatUntil(struck.died, 4, scene.run);
  await struck.end();
  return struck.died();
}

async function provisionAndDie(scene: Scene, nth: number, blow: Blow): Promise<boolean> {
  const struck = strikeWrite(scene.setting, { nth, blow });
  for (const path of ["provision", "consent"]) {
    if (!struck.died()) await scene.setting.call("POST", path, {});
  }
  await struck.end();
  return struck.died();
}

async function runsUntilConverged(scene: Scene): Promise<number> {
  const runs = await repeatUntil(() => isConverged(scene), 3, scene.run);
  // What the rules make wait, so that the next death finds a steady state.
  await repeatUntil(() => scene.truth.unsteady().length === 0, 3, scene.run);
  const unsteady = scene.truth.unsteady();
  if (unsteady.length > 0) scene.verify(`reached the steady state (${unsteady.join(", ")})`, false);
  return runs ?? 3;
}

function isProvisionedOnce({ cloud: { directory } }: Scene): boolean {
  const registrations = directory.applications().filter(({ uniqueName }) => uniqueName !== null);
  const complete = registrations.some(({ appId, identifierUris }) => identifierUris.includes(`api://${appId}`));
  const ids = registrations.map(({ appId }) => appId);
  const principals = directory.servicePrincipals().filter(({ appId }) => ids.includes(appId));
  const assigned = directory.assignments().filter(({ principalId }) => principals.some(({ id }) => id === principalId));
  const counts = [registrations.length, principals.length, directory.grants().length, assigned.length];
  return complete && counts.join() === "2,2,2,1";
}

/** Deletes both registrations for good. */
function forget({ cloud: { directory } }: Scene): void {
  for (const { uniqueName } of directory.applications()) if (uniqueName) directory.deleteApplication(uniqueName);
  for (const { application } of directory.deletedApplications()) {
    directory.state.deletedApplications.remove(application.id);
  }
}
