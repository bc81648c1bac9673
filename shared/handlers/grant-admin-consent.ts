import * as z from "zod";
import { grant } from "../registration/grant.ts";
import { converging } from "../triggers/answer.ts";
import { guarded, pickDeployment, readBody } from "../triggers/guarded.ts";
import { guard } from "../world/guard.ts";
import { openWorld } from "../world/world.ts";

const body = z.strictObject({ deployment: z.string().optional(), dryRun: z.boolean().default(false) });

/** `POST /api/consent`. */
export const grantAdminConsent = guarded(
  guard,
  "Automation.Run",
  async ({ request, context, settings, asked, deployments }) => {
    const { deployment: name, dryRun } = await readBody(request, body);
    const deployment = pickDeployment(deployments, name);
    asked({ deployment: deployment.name, dryRun });
    const world = openWorld(deployment, (line) => context.info(line));
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
  },
);
