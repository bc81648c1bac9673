import { leaveToQueue } from "../engine/leave.ts";
import { askIn } from "../engine/message.ts";
import { CALL_BUDGET } from "../limits.ts";
import { askOf, pickRotations, rotationRequest } from "../rotation/request.ts";
import { type Leave, rotateEach } from "../rotation/rotate-all.ts";
import { summarize } from "../rotation/summary.ts";
import { converging } from "../triggers/answer.ts";
import { guarded, pickDeployment, readBody } from "../triggers/guarded.ts";
import { clock } from "../world/clock.ts";
import { lookAfterTimer, queue } from "../world/engine.ts";
import { guard } from "../world/guard.ts";
import { openWorld } from "../world/world.ts";

const GOES_ON = "The queue goes on with it by itself; a repeated call sees how far it has come";

/** `POST /api/rotate`. */
export const rotateClientSecret = guarded(
  guard,
  "Automation.Run",
  async ({ request, context, settings, beganOn, asked, deployments }) => {
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
    const more = goesOn && !summary.converged ? { goesOn: GOES_ON } : {};
    return converging({ deployment: deployment.name, ...summary, ...more }, dryRun);
  },
);
