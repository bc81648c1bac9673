import { app } from "@azure/functions";
import { statusOf } from "../shared/status/deployment-status.ts";
import { describeEngine } from "../shared/status/engine.ts";
import { orUnread } from "../shared/status/unread.ts";
import { json } from "../shared/triggers/answer.ts";
import { guarded, pickDeployment, readQuery } from "../shared/triggers/guarded.ts";
import { logTo } from "../shared/triggers/log-event.ts";
import { queue } from "../shared/world/engine.ts";
import { guard } from "../shared/world/guard.ts";
import { authLevel } from "../shared/world/settings.ts";
import { openWorld } from "../shared/world/world.ts";

app.http("show-status", {
  methods: ["GET"],
  route: "status",
  authLevel,
  handler: guarded(guard, "Automation.Read", async ({ request, context, settings, beganOn, deployments, faults }) => {
    const name = readQuery(request, ["deployment"]).get("deployment");
    const chosen = name === null ? deployments : [pickDeployment(deployments, name)];
    const { tenantId, rotation: policy } = settings;
    const [engine, ...told] = await Promise.all([
      orUnread(() => describeEngine(queue(), beganOn)),
      ...chosen.map((deployment) => {
        const world = openWorld(deployment, logTo(context));
        return statusOf(world, { tenantId, deployment, policy, now: beganOn });
      }),
    ]);
    return json(200, { on: beganOn, engine, ...(faults.length > 0 ? { faults } : {}), deployments: told });
  }),
});
