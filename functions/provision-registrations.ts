import { app } from "@azure/functions";
import type { ProvisionAnswer } from "../shared/registration/answer.ts";
import { provision } from "../shared/registration/provision.ts";
import { registrationRequest } from "../shared/registration/request.ts";
import { converging } from "../shared/triggers/answer.ts";
import { guarded, pickDeployment, readBody } from "../shared/triggers/guarded.ts";
import { logTo } from "../shared/triggers/log-event.ts";
import type { Sent } from "../shared/triggers/sent.ts";
import { guard } from "../shared/world/guard.ts";
import { authLevel } from "../shared/world/settings.ts";
import { openWorld } from "../shared/world/world.ts";

app.http("provision-registrations", {
  methods: ["POST"],
  route: "provision",
  authLevel,
  handler: guarded(guard, "Automation.Run", async ({ request, context, settings, asked, deployments }) => {
    const { deployment: name, dryRun } = await readBody(request, registrationRequest);
    const deployment = pickDeployment(deployments, name);
    asked({ deployment: deployment.name, dryRun });
    const { provisioning, authority, names } = openWorld(deployment, logTo(context));
    const { tenantId, serviceManagementReference } = settings;
    const intent = { tenantId, serviceManagementReference, ...deployment };
    const { waitingFor, ...outcome } = await provision(provisioning, { intent, authority, ...names, dryRun });
    const converged = outcome.steps.every(({ state }) => state === "done");
    const answer: Sent<ProvisionAnswer> = {
      deployment: deployment.name,
      converged,
      ...outcome,
      waitingFor: waitingFor?.message,
      code: waitingFor?.code,
    };
    return converging(answer, dryRun, waitingFor?.retryAfterSeconds);
  }),
});
