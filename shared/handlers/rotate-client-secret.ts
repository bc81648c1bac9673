import { leaveToQueue } from "../engine/leave.ts";
import { askIn } from "../engine/message.ts";
import { CALL_BUDGET } from "../limits.ts";
import type { RotateAnswer } from "../rotation/answer.ts";
import { askOf, pickRotations, rotationRequest } from "../rotation/request.ts";
import { type Leave, rotateEach } from "../rotation/rotate-all.ts";
import { summarize } from "../rotation/summary.ts";
import { converging } from "../triggers/answer.ts";
import { guarded, pickDeployment, readBody } from "../triggers/guarded.ts";
import { logTo } from "../triggers/log-event.ts";
import type { Sent } from "../triggers/sent.ts";
import { leaving, lookAfterTimer } from "../world/engine.ts";
import { guard } from "../world/guard.ts";
import { openWorld } from "../world/world.ts";
import { tellOf } from "./tell.ts";

const GOES_ON = "The app continues in the background; call again to see the progress";

/** `POST /api/rotate`. */
export const rotateClientSecret = guarded(
  guard,
  "Automation.Run",
  async ({ request, context, settings, beganOn, asked, deployments, faults }) => {
    const { deployment: name, credential, dryRun, ...body } = await readBody(request, rotationRequest);
    const ask = askOf(body, beganOn);
    const deployment = pickDeployment({ deployments, faults }, name);
    const log = logTo(context);
    const world = openWorld(deployment, log);
    asked({ deployment: deployment.name, credential, because: body.because, dryRun });
    const rotations = pickRotations(world.credentials(), credential);
    const endsOn = new Date(beganOn.getTime() + CALL_BUDGET);
    let goesOn = false;
    const leave: Leave = async ({ credential }, left) => {
      const meant = askIn(ask && { ...ask, issuedBefore: left.issuedBefore ?? ask.issuedBefore });
      const how = { ...leaving(log, guard.now()), ask: meant };
      if (await leaveToQueue({ deployment: deployment.name, credential }, left, how)) goesOn = true;
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
    const rotated = await rotateEach(rotations, order);
    if (!dryRun) await lookAfterTimer(deployments, log);
    const summary = summarize(rotated);
    const replaced = dryRun ? [] : rotated.filter(({ outcome }) => outcome.current?.asked);
    await Promise.all(
      replaced.map(({ rotation, outcome }) =>
        tellOf({ deployment, credential: rotation.credential }, { outcome }, log),
      ),
    );
    // A caller hears that everything is done: what was asked for before is nothing that another call could mean.
    if (summary.converged) await Promise.all(replaced.map(({ rotation }) => rotation.answered()));
    const more = goesOn && !summary.converged ? { goesOn: GOES_ON } : {};
    const answer: Sent<RotateAnswer> = { deployment: deployment.name, ...summary, ...more };
    return converging(answer, dryRun);
  },
);
