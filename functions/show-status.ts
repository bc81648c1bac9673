import { app } from "@azure/functions";
import { sharesIdentityWith } from "../shared/deployment/shared-identity.ts";
import { statusOf } from "../shared/status/deployment-status.ts";
import { describeEngine } from "../shared/status/engine.ts";
import { PARAMETERS, pageOf, readWish } from "../shared/status/page.ts";
import { orUnread } from "../shared/status/unread.ts";
import { json } from "../shared/triggers/answer.ts";
import { guarded, pickDeployment, readQuery } from "../shared/triggers/guarded.ts";
import { logTo } from "../shared/triggers/log-event.ts";
import { sharedLooks } from "../shared/triggers/looks.ts";
import { queue } from "../shared/world/engine.ts";
import { guard } from "../shared/world/guard.ts";
import { authLevel } from "../shared/world/settings.ts";
import { openWorld } from "../shared/world/world.ts";

const looks = sharedLooks<Awaited<ReturnType<typeof statusOf>>>(guard.now);
const engineLooks = sharedLooks<object>(guard.now);

app.http("show-status", {
  methods: ["GET"],
  route: "status",
  authLevel,
  handler: guarded(guard, "Automation.Read", async ({ request, context, settings, beganOn, deployments, faults }) => {
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
          const world = openWorld(deployment, logTo(context), { onlyLooks: true });
          const sharing = sharesIdentityWith(deployment, deployments, settings.managedIdentityClientId);
          return statusOf(world, { tenantId, deployment, sharesIdentityWith: sharing, policy, now: guard.now() });
        }),
      ),
    ]);
    return json(200, { on: beganOn, engine, ...(faults.length > 0 ? { faults } : {}), deployments: told, next });
  }),
});
