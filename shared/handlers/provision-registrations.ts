import * as z from "zod";
import { provision } from "../registration/provision.ts";
import { converging } from "../triggers/answer.ts";
import { guarded, pickDeployment, readBody } from "../triggers/guarded.ts";
import { guard } from "../world/guard.ts";
import { openWorld } from "../world/world.ts";

const body = z.strictObject({ deployment: z.string().optional(), dryRun: z.boolean().default(false) });

/** `POST /api/provision`. */
export const provisionRegistrations = guarded(
  guard,
  "Automation.Run",
  async ({ request, context, settings, asked, deployments }) => {
    const { deployment: name, dryRun } = await readBody(request, body);
    const deployment = pickDeployment(deployments, name);
    asked({ deployment: deployment.name, dryRun });
    const { provisioning, authority, names } = openWorld(deployment, (line) => context.info(line));
    const { tenantId, serviceManagementReference } = settings;
    const intent = { tenantId, serviceManagementReference, ...deployment };
    const { waitingFor, ...outcome } = await provision(provisioning, { intent, authority, ...names, dryRun });
    const converged = outcome.steps.every(({ state }) => state === "done");
    const answer = {
      deployment: deployment.name,
      converged,
      ...outcome,
      waitingFor: waitingFor?.message,
      code: waitingFor?.code,
    };
    return converging(answer, dryRun, waitingFor?.retryAfterSeconds);
  },
);
