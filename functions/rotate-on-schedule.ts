import { app } from "@azure/functions";
import { sweep, turnedBy } from "../shared/engine/sweep.ts";
import { noteTimerRun } from "../shared/engine/timer-watch.ts";
import { TIMER_BUDGET } from "../shared/limits.ts";
import { messageOf } from "../shared/retry.ts";
import { rotateAll } from "../shared/rotation/rotate-all.ts";
import { rhythmOf } from "../shared/triggers/rhythm.ts";
import { clock } from "../shared/world/clock.ts";
import { everyCredential, queue } from "../shared/world/engine.ts";
import { fleet } from "../shared/world/fleet.ts";
import { rotationSchedule, settings } from "../shared/world/settings.ts";
import { openWorld } from "../shared/world/world.ts";

app.timer("rotate-on-schedule", {
  schedule: rotationSchedule,
  handler: async ({ scheduleStatus }, context) => {
    const beganOn = new Date();
    const { rotation } = settings();
    const { deployments, faults } = await fleet();
    for (const fault of faults) context.error(`deployment left out: ${fault}`);
    const rhythm = rhythmOf(scheduleStatus, beganOn);
    try {
      await noteTimerRun(queue(), { now: beganOn, random: clock.random, ...rhythm });
      const all = everyCredential(deployments);
      await sweep(queue(), all, { now: beganOn, period: rhythm.period, random: clock.random });
      return context.info(`sent ${all.length} credentials to the queue`);
    } catch (error) {
      context.error(`cannot reach the queue, so this run does the work itself: ${messageOf(error)}`);
    }
    const endsOn = new Date(beganOn.getTime() + TIMER_BUDGET);
    const order = { policy: rotation, beganOn, endsOn, leavesPushToEvent: true };
    const rotations = deployments.flatMap((one) => openWorld(one, (line) => context.info(line)).credentials());
    await rotateAll(turnedBy(clock.random, rotations), order, (line) => context.error(line));
  },
});
