import { app } from "@azure/functions";
import { leaveToQueue } from "../shared/engine/leave.ts";
import { askIn } from "../shared/engine/message.ts";
import { CALL_BUDGET } from "../shared/limits.ts";
import type { RotateAnswer } from "../shared/rotation/answer.ts";
import { askOf, pickRotations, rotationRequest } from "../shared/rotation/request.ts";
import { type Leave, rotateEach } from "../shared/rotation/rotate-all.ts";
import { summarize } from "../shared/rotation/summary.ts";
import { converging } from "../shared/triggers/answer.ts";
import { guarded, pickDeployment, readBody } from "../shared/triggers/guarded.ts";
import type { Sent } from "../shared/triggers/sent.ts";
import { clock } from "../shared/world/clock.ts";
import { lookAfterTimer, queue } from "../shared/world/engine.ts";
import { guard } from "../shared/world/guard.ts";
import { authLevel } from "../shared/world/settings.ts";
import { openWorld } from "../shared/world/world.ts";

const GOES_ON = "The queue goes on with it by itself; a repeated call sees how far it has come";

app.http("rotate-client-secret", {
  methods: ["POST"],
  route: "rotate",
  authLevel,
  handler: guarded(guard, "Automation.Run", async ({ request, context, settings, beganOn, asked, deployments }) => {
    const { deployment: name, credential, dryRun, ...body } = await readBody(request, rotationRequest);
    const ask = askOf(body, beganOn);
    const deployment = pickDeployment(deployments, name);
    const world = openWorld(deployment, (line) => context.info(line));
    asked({ deployment: deployment.name, credential, because: body.because, dryRun });
    const rotations = pickRotations(world.credentials(), credential);
    const endsOn = new Date(beganOn.getTime() + CALL_BUDGET);
    const report = (line: string) => context.error(line);
    let goesOn = false;
    const leave: Leave = async ({ credential }, left) => {
      const leaving = {
        queue: queue(),
        now: guard.now(),
        random: clock.random,
        ask: askIn(ask && { ...ask, issuedBefore: left.issuedBefore ?? ask.issuedBefore }),
        report,
      };
      if (await leaveToQueue({ deployment: deployment.name, credential }, left, leaving)) goesOn = true;
    };
    const order = {
      policy: settings.rotation,
      beganOn,
      endsOn,
      ask,
      dryRun,
      leave,
      called: true,
      named: credential !== undefined,
    };
    const rotated = await rotateEach(rotations, order, report);
    if (!dryRun) await lookAfterTimer(deployments, report);
    const summary = summarize(rotated);
    if (ask && !dryRun && summary.converged) await Promise.all(rotations.map((one) => one.answered()));
    const more = goesOn && !summary.converged ? { goesOn: GOES_ON } : {};
    const answer: Sent<RotateAnswer> = { deployment: deployment.name, ...summary, ...more };
    return converging(answer, dryRun);
  }),
});
