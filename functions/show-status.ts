import { app } from "@azure/functions";
import { statusOf } from "../shared/status/deployment-status.ts";
import { json } from "../shared/triggers/answer.ts";
import { guarded, pickDeployment, readQuery } from "../shared/triggers/guarded.ts";
import { authLevel, guard } from "../shared/world/settings.ts";
import { openWorld } from "../shared/world/world.ts";

app.http("show-status", {
  methods: ["GET"],
  route: "status",
  authLevel,
  handler: guarded(guard, "Automation.Read", async ({ request, context, settings, beganOn }) => {
    const name = readQuery(request, ["deployment"]).get("deployment");
    const chosen = name === null ? settings.deployments : [pickDeployment(settings.deployments, name)];
    const deployments = await Promise.all(
      chosen.map((deployment) => {
        const world = openWorld(deployment, (line) => context.info(line));
        const { tenantId, rotation: policy } = settings;
        return statusOf(world, { tenantId, deployment, policy, now: beganOn });
      }),
    );
    return json(200, { on: beganOn, deployments });
  }),
});
