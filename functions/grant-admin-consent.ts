import { app } from "@azure/functions";
import { z } from "zod";
import { consent } from "../shared/registration/consent.ts";
import { wantedConsent } from "../shared/registration/wanted-consent.ts";
import { converging } from "../shared/triggers/answer.ts";
import { guarded, pickDeployment, readBody } from "../shared/triggers/guarded.ts";
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
    const world = openWorld(deployment, (line) => context.info(line));
    const wanted = await wantedConsent(world.provisioning, world.names, {
      deployment: deployment.name,
      dryRun,
    });
    const { authority } = world;
    const order = { ...wanted, authority, graphUrl: settings.graphUrl, dryRun };
    const { steps, waitingFor } = await consent(world.consent, order);
    const converged = !waitingFor && steps.every(({ state }) => state === "done");
    const about = {
      deployment: deployment.name,
      converged,
      steps,
      waitingFor: waitingFor?.message,
      code: waitingFor?.code,
    };
    return converging({ ...about, result: wanted.summary }, dryRun, waitingFor?.retryAfterSeconds);
  }),
});
