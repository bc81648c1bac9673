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
export function tellOf(
  { deployment, credential }: { deployment: Deployment; credential: CredentialKind },
  came: Came,
  log: Log,
): Promise<void> {
  return ifHeard(credential, log, async ({ lookAtCredential, tellChanges }) => {
    const { name, look } = lookAtCredential(deployment, credential, { came, log });
    await tellChanges({ deployment: deployment.name, credential, secret: name }, look, await tools());
  });
}

/** The same of a deployment as a whole: its server, its registrations, and what lets the app in. */
export function tellOfDeployment(deployment: Deployment, log: Log): Promise<void> {
  return ifHeard(`deployment "${deployment.name}"`, log, async ({ lookAtDeployment, tellChanges }) => {
    const seen = await lookAtDeployment(deployment, log);
    if (seen) await tellChanges({ deployment: deployment.name }, async () => seen, await tools());
  });
}

/** The same of the app itself: its timer, its queue, and its list of deployments. */
export function tellOfApp(faults: readonly string[], log: Log): Promise<void> {
  return ifHeard("the app", log, async ({ lookAtApp, tellChanges }) =>
    tellChanges({}, () => lookAtApp(faults), await tools()),
  );
}

type Telling = typeof import("./tell-look.ts") & Pick<typeof import("../notify/tell.ts"), "tellChanges">;

async function ifHeard(whom: string, log: Log, tell: (by: Telling) => Promise<void>): Promise<void> {
  if (receivers().receivers.length === 0) return;
  try {
    await tell({ ...(await import("./tell-look.ts")), ...(await import("../notify/tell.ts")) });
  } catch (error) {
    log(trouble(`cannot tell what has changed of ${whom}`, error));
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
