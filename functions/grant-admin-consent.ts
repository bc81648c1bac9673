import { app } from "@azure/functions";
import type { ConsentAnswer } from "../shared/registration/answer.ts";
import { grant } from "../shared/registration/grant.ts";
import { registrationRequest } from "../shared/registration/request.ts";
import { converging } from "../shared/triggers/answer.ts";
import { guarded, pickDeployment, readBody } from "../shared/triggers/guarded.ts";
import { logTo } from "../shared/triggers/log-event.ts";
import type { Sent } from "../shared/triggers/sent.ts";
import { guard } from "../shared/world/guard.ts";
import { authLevel } from "../shared/world/settings.ts";
import { openWorld } from "../shared/world/world.ts";

app.http("grant-admin-consent", {
  methods: ["POST"],
  route: "consent",
  authLevel,
  handler: guarded(guard, "Automation.Run", async ({ request, context, settings, asked, deployments }) => {
    const { deployment: name, dryRun } = await readBody(request, registrationRequest);
    const deployment = pickDeployment(deployments, name);
    asked({ deployment: deployment.name, dryRun });
    const world = openWorld(deployment, logTo(context));
    const { authority, names } = world;
    const { graphUrl } = settings;
    const wish = { deployment: deployment.name, names, authority, graphUrl, dryRun };
    const { steps, waitingFor, summary } = await grant(world, wish);
    const converged = !waitingFor && steps.every(({ state }) => state === "done");
    const answer: Sent<ConsentAnswer> = {
      deployment: deployment.name,
      converged,
      steps,
      waitingFor: waitingFor?.message,
      code: waitingFor?.code,
      result: summary,
    };
    return converging(answer, dryRun, waitingFor?.retryAfterSeconds);
  }),
});
