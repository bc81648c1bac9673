import { app } from "@azure/functions";
import { z } from "zod";
import { grant } from "../shared/registration/grant.ts";
import { converging } from "../shared/triggers/answer.ts";
import { guarded, pickDeployment, readBody } from "../shared/triggers/guarded.ts";
import { logTo } from "../shared/triggers/log-event.ts";
import { guard } from "../shared/world/guard.ts";
import { authLevel } from "../shared/world/settings.ts";
import { openWorld } from "../shared/world/world.ts";

const body = z.strictObject({ deployment: z.string().optional(), dryRun: z.boolean().default(false) });

app.http("grant-admin-consent", {
  methods: ["POST"],
  route: "consent",
  authLevel,
  handler: guarded(guard, "Automation.Run", async ({ request, context, settings, asked, deployments }) => {
    const { deployment: name, dryRun } = await readBody(request, body);
    const deployment = pickDeployment(deployments, name);
    asked({ deployment: deployment.name, dryRun });
    const world = openWorld(deployment, logTo(context));
    const { authority, names } = world;
    const { graphUrl } = settings;
    const wish = { deployment: deployment.name, names, authority, graphUrl, dryRun };
    const { steps, waitingFor, summary } = await grant(world, wish);
    const converged = !waitingFor && steps.every(({ state }) => state === "done");
    const about = {
      deployment: deployment.name,
      converged,
      steps,
      waitingFor: waitingFor?.message,
      code: waitingFor?.code,
    };
    return converging({ ...about, result: summary }, dryRun, waitingFor?.retryAfterSeconds);
  }),
});
