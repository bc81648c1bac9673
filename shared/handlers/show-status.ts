import { sharesIdentityWith } from "../deployment/shared-identity.ts";
import { statusOf } from "../status/deployment-status.ts";
import { describeEngine } from "../status/engine.ts";
import { PARAMETERS, pageOf, readWish } from "../status/page.ts";
import { orUnread } from "../status/unread.ts";
import { json } from "../triggers/answer.ts";
import { guarded, pickDeployment, readQuery } from "../triggers/guarded.ts";
import { sharedLooks } from "../triggers/looks.ts";
import { queue } from "../world/engine.ts";
import { guard } from "../world/guard.ts";
import { openWorld } from "../world/world.ts";

const looks = sharedLooks<Awaited<ReturnType<typeof statusOf>>>(guard.now);
const engineLooks = sharedLooks<object>(guard.now);

/** `GET /api/status`. */
export const showStatus = guarded(
  guard,
  "Automation.Read",
  async ({ request, context, settings, beganOn, deployments, faults }) => {
    const wish = readWish(readQuery(request, PARAMETERS));
    const { page, next } =
      wish.kind === "page"
        ? pageOf(deployments, wish)
        : { page: [pickDeployment(deployments, wish.deployment)], next: undefined };
    const { tenantId, rotation: policy } = settings;
    const [engine, ...told] = await Promise.all([
      engineLooks("engine", () => orUnread(() => describeEngine(queue(), guard.now()))),
      ...page.map((deployment) =>
        looks(deployment.name, () => {
          const world = openWorld(deployment, (line) => context.info(line), { onlyLooks: true });
          const sharing = sharesIdentityWith(deployment, deployments, settings.managedIdentityClientId);
          return statusOf(world, { tenantId, deployment, sharesIdentityWith: sharing, policy, now: guard.now() });
        }),
      ),
    ]);
    return json(200, { on: beganOn, engine, ...(faults.length > 0 ? { faults } : {}), deployments: told, next });
  },
);
