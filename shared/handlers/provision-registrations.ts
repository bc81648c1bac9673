import type { ProvisionAnswer } from "../registration/answer.ts";
import { provision } from "../registration/provision.ts";
import { registrationRequest } from "../registration/request.ts";
import { converging } from "../triggers/answer.ts";
import { guarded, pickDeployment, readBody } from "../triggers/guarded.ts";
import { logTo } from "../triggers/log-event.ts";
import type { Sent } from "../triggers/sent.ts";
import { guard } from "../world/guard.ts";
import { openWorld } from "../world/world.ts";

/** `POST /api/provision`. */
export const provisionRegistrations = guarded(
  guard,
  "Automation.Run",
  async ({ request, context, settings, asked, deployments, faults }) => {
    const { deployment: name, dryRun } = await readBody(request, registrationRequest);
    const deployment = pickDeployment({ deployments, faults }, name);
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
  },
);
