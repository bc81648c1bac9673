import type { HardenAnswer } from "../hygiene/answer.ts";
import { harden } from "../hygiene/harden.ts";
import { hardenRequest } from "../hygiene/request.ts";
import { converging } from "../triggers/answer.ts";
import { guarded, pickDeployment, readBody } from "../triggers/guarded.ts";
import { logTo } from "../triggers/log-event.ts";
import type { Sent } from "../triggers/sent.ts";
import { guard } from "../world/guard.ts";
import { openWorld } from "../world/world.ts";

/** `POST /api/harden`. */
export const deleteDefaultAdmin = guarded(
  guard,
  "Automation.Run",
  async ({ request, context, asked, deployments, faults }) => {
    const { deployment: name, ...how } = await readBody(request, hardenRequest);
    const deployment = pickDeployment({ deployments, faults }, name);
    asked({ deployment: deployment.name, dryRun: how.dryRun });
    const { hygiene } = openWorld(deployment, logTo(context));
    const { steps, result } = await harden(hygiene, how);
    const converged = steps.every(({ state }) => state === "done");
    const answer: Sent<HardenAnswer> = { deployment: deployment.name, converged, steps, result };
    return converging(answer, how.dryRun);
  },
);
