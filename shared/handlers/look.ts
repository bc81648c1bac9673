import type { Deployment } from "../deployment/deployment.ts";
import { sharesIdentityWith } from "../deployment/shared-identity.ts";
import type { Log } from "../log.ts";
import { type DeploymentStatus, statusOf } from "../status/deployment-status.ts";
import { lateAfter } from "../status/due.ts";
import { describeEngine } from "../status/engine.ts";
import { orUnread } from "../status/unread.ts";
import { sharedLooks } from "../triggers/looks.ts";
import { queues } from "../world/engine.ts";
import { guard } from "../world/guard.ts";
import { settings } from "../world/settings.ts";
import { openWorld } from "../world/world.ts";

const looks = sharedLooks<DeploymentStatus>(guard.now);
const engineLooks = sharedLooks<Awaited<ReturnType<typeof nowOfEngine>>>(guard.now);

/** Looks at one deployment, once for all who ask at the same time; writes nothing. `among` are all that there are. */
export function look(
  deployment: Deployment,
  { among, log, history = false }: { among: readonly Deployment[]; log: Log; history?: boolean },
): Promise<DeploymentStatus> {
  return looks(history ? `${deployment.name} with history` : deployment.name, () => {
    const { tenantId, rotation: policy, managedIdentityClientId, rotationSchedule } = settings();
    const world = openWorld(deployment, log, { onlyLooks: true });
    const sharing = sharesIdentityWith(deployment, among, managedIdentityClientId);
    const late = lateAfter(rotationSchedule);
    return statusOf(world, {
      tenantId,
      deployment,
      sharesIdentityWith: sharing,
      policy,
      lateAfter: late,
      history,
      now: guard.now(),
    });
  });
}

/** Looks at timer and queue. */
export function lookAtEngine() {
  return engineLooks("engine", nowOfEngine);
}

function nowOfEngine() {
  return orUnread(() => describeEngine(queues(), guard.now()));
}
