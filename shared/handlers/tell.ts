import type { CredentialKind } from "../deployment/credentials.ts";
import type { Deployment } from "../deployment/deployment.ts";
import { DAY } from "../limits.ts";
import { type Log, trouble } from "../log.ts";
import { receivers, settings } from "../world/settings.ts";
import type { Came } from "./tell-look.ts";

/**
 * Where somebody wants to hear of it, looks at a credential after a run and tells what has changed. Never throws: nothing
 * depends on it, and what could not be told now the next look tells. Nothing of it is loaded where nobody wants to hear.
 */
export async function tellOf(
  { deployment, credential }: { deployment: Deployment; credential: CredentialKind },
  came: Came,
  log: Log,
): Promise<void> {
  if (receivers().receivers.length === 0) return;
  try {
    const { lookAtCredential } = await import("./tell-look.ts");
    const { tellChanges } = await import("../notify/tell.ts");
    const { name, look } = lookAtCredential(deployment, credential, { came, log });
    const about = { deployment: deployment.name, credential, secret: name };
    await tellChanges(about, look, await tools());
  } catch (error) {
    log(trouble(`cannot tell what has changed of ${credential}`, error));
  }
}

/** The same of a deployment as a whole: its server, its registrations, and what lets the app in. */
export async function tellOfDeployment(deployment: Deployment, log: Log): Promise<void> {
  if (receivers().receivers.length === 0) return;
  try {
    const { lookAtDeployment } = await import("./tell-look.ts");
    const { tellChanges } = await import("../notify/tell.ts");
    const seen = await lookAtDeployment(deployment, log);
    if (seen) await tellChanges({ deployment: deployment.name }, async () => seen, await tools());
  } catch (error) {
    log(trouble(`cannot tell what has changed of deployment "${deployment.name}"`, error));
  }
}

/** The same of the app itself: its timer, its queue, and its list of deployments. */
export async function tellOfApp(faults: readonly string[], log: Log): Promise<void> {
  if (receivers().receivers.length === 0) return;
  try {
    const { lookAtApp } = await import("./tell-look.ts");
    const { tellChanges } = await import("../notify/tell.ts");
    await tellChanges({}, () => lookAtApp(faults), await tools());
  } catch (error) {
    log(trouble("cannot tell what has changed of the app", error));
  }
}

async function tools() {
  const [{ memory, sendNotice }, { lateAfter }] = await Promise.all([
    import("../world/notify.ts"),
    import("../status/due.ts"),
  ]);
  const { rotationSchedule, notifyExpiringDays } = settings();
  const patience = { bear: lateAfter(rotationSchedule), expiring: notifyExpiringDays * DAY };
  return { memory: memory(), send: sendNotice, patience };
}
