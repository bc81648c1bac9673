import { app } from "@azure/functions";
import type { HardenAnswer } from "../shared/hygiene/answer.ts";
import { harden } from "../shared/hygiene/harden.ts";
import { hardenRequest } from "../shared/hygiene/request.ts";
import { converging } from "../shared/triggers/answer.ts";
import { guarded, pickDeployment, readBody } from "../shared/triggers/guarded.ts";
import { logTo } from "../shared/triggers/log-event.ts";
import type { Sent } from "../shared/triggers/sent.ts";
import { guard } from "../shared/world/guard.ts";
import { authLevel } from "../shared/world/settings.ts";
import { openWorld } from "../shared/world/world.ts";

app.http("delete-default-admin", {
  methods: ["POST"],
  route: "harden",
  authLevel,
  handler: guarded(guard, "Automation.Run", async ({ request, context, asked, deployments }) => {
    const { deployment: name, ...how } = await readBody(request, hardenRequest);
    const deployment = pickDeployment(deployments, name);
    asked({ deployment: deployment.name, dryRun: how.dryRun });
    const { hygiene } = openWorld(deployment, logTo(context));
    const { steps, result } = await harden(hygiene, how);
    const converged = steps.every(({ state }) => state === "done");
    const answer: Sent<HardenAnswer> = { deployment: deployment.name, converged, steps, result };
    return converging(answer, how.dryRun);
  }),
});
