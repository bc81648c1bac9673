import * as z from "zod";
import { harden } from "../hygiene/harden.ts";
import { converging } from "../triggers/answer.ts";
import { guarded, pickDeployment, readBody } from "../triggers/guarded.ts";
import { guard } from "../world/guard.ts";
import { openWorld } from "../world/world.ts";

const body = z.strictObject({
  deployment: z.string().optional(),
  dryRun: z.boolean().default(false),
  adminNotListed: z.boolean().default(false),
});

/** `POST /api/harden`. */
export const deleteDefaultAdmin = guarded(guard, "Automation.Run", async ({ request, context, asked, deployments }) => {
  const { deployment: name, ...how } = await readBody(request, body);
  const deployment = pickDeployment(deployments, name);
  asked({ deployment: deployment.name, dryRun: how.dryRun });
  const { hygiene } = openWorld(deployment, (line) => context.info(line));
  const { steps, result } = await harden(hygiene, how);
  const converged = steps.every(({ state }) => state === "done");
  return converging({ deployment: deployment.name, converged, steps, result }, how.dryRun);
});
