import { app } from "@azure/functions";
import { sharesIdentityWith } from "../shared/deployment/shared-identity.ts";
import { statusOf } from "../shared/status/deployment-status.ts";
import { json } from "../shared/triggers/answer.ts";
import { guarded, pickDeployment } from "../shared/triggers/guarded.ts";
import { authLevel, guard } from "../shared/world/settings.ts";
import { openWorld } from "../shared/world/world.ts";

app.http("show-status", {
  methods: ["GET"],
  route: "status",
  authLevel,
  handler: guarded(guard, "Automation.Read", async ({ request, context, settings, beganOn }) => {
    const name = request.query.get("deployment");
    const chosen = name === null ? settings.deployments : [pickDeployment(settings.deployments, name)];
    const deployments = await Promise.all(
      chosen.map((deployment) => {
        const world = openWorld(deployment, (line) => context.info(line));
        const { tenantId, rotation: policy, deployments: all, managedIdentityClientId } = settings;
        const sharing = sharesIdentityWith(deployment, all, managedIdentityClientId);
        return statusOf(world, { tenantId, deployment, sharesIdentityWith: sharing, policy, now: beganOn });
      }),
    );
    return json(200, { on: beganOn, deployments });
  }),
});
