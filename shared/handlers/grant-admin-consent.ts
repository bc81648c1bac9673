import type { ConsentAnswer } from "../registration/answer.ts";
import { grant } from "../registration/grant.ts";
import { registrationRequest } from "../registration/request.ts";
import { converging } from "../triggers/answer.ts";
import { guarded, pickDeployment, readBody } from "../triggers/guarded.ts";
import { logTo } from "../triggers/log-event.ts";
import type { Sent } from "../triggers/sent.ts";
import { guard } from "../world/guard.ts";
import { openWorld } from "../world/world.ts";

/** `POST /api/consent`. */
export const grantAdminConsent = guarded(
  guard,
  "Automation.Run",
  async ({ request, context, settings, asked, deployments, faults }) => {
    const { deployment: name, dryRun } = await readBody(request, registrationRequest);
    const deployment = pickDeployment({ deployments, faults }, name);
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
  },
);
