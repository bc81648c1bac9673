import { app } from "@azure/functions";
import { z } from "zod";
import { converging } from "../shared/http/answer.ts";
import { guarded, pickDeployment, readBody } from "../shared/http/guarded.ts";
import { provision } from "../shared/registration/provision.ts";
import { authLevel, guard, openWorld } from "../shared/world.ts";

const body = z.strictObject({ deployment: z.string().optional(), dryRun: z.boolean().default(false) });

app.http("provision-registrations", {
  methods: ["POST"],
  route: "provision",
  authLevel,
  handler: guarded(guard, "Automation.Run", async ({ request, context, settings }) => {
    const { deployment: name, dryRun } = await readBody(request, body);
    const deployment = pickDeployment(settings.deployments, name);
    const { provisioning, authority, names } = openWorld(deployment, (line) => context.info(line));
    const intent = { tenantId: settings.tenantId, ...deployment };
    const { steps, result } = await provision(provisioning, { intent, authority, ...names, dryRun });
    const converged = steps.every(({ state }) => state === "done");
    return converging({ deployment: deployment.name, converged, steps, result }, dryRun);
  }),
});
