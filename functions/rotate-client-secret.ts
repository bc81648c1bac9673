import { app } from "@azure/functions";
import { CALL_BUDGET } from "../shared/limits.ts";
import { askOf, pickRotations, rotationRequest } from "../shared/rotation/request.ts";
import { rotateEach } from "../shared/rotation/rotate-all.ts";
import { summarize } from "../shared/rotation/summary.ts";
import { converging } from "../shared/triggers/answer.ts";
import { guarded, pickDeployment, readBody } from "../shared/triggers/guarded.ts";
import { authLevel, guard } from "../shared/world/settings.ts";
import { openWorld } from "../shared/world/world.ts";

app.http("rotate-client-secret", {
  methods: ["POST"],
  route: "rotate",
  authLevel,
  handler: guarded(guard, "Automation.Run", async ({ request, context, settings, beganOn, asked }) => {
    const { deployment: name, credential, dryRun, ...body } = await readBody(request, rotationRequest);
    const ask = askOf(body, beganOn);
    const deployment = pickDeployment(settings.deployments, name);
    const world = openWorld(deployment, (line) => context.info(line));
    asked({ deployment: deployment.name, credential, because: body.because, dryRun });
    const rotations = pickRotations(world.credentials(), credential);
    const endsOn = new Date(beganOn.getTime() + CALL_BUDGET);
    const order = { policy: settings.rotation, beganOn, endsOn, ask, dryRun, named: credential !== undefined };
    const rotated = await rotateEach(rotations, order, (line) => context.error(line));
    return converging({ deployment: deployment.name, ...summarize(rotated) }, dryRun);
  }),
});
