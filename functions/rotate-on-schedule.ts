import { app } from "@azure/functions";
import { sweep, turnedBy } from "../shared/engine/sweep.ts";
import { noteTimerRun } from "../shared/engine/timer-watch.ts";
import { tellOfApp } from "../shared/handlers/tell.ts";
import { TIMER_BUDGET } from "../shared/limits.ts";
import { trouble } from "../shared/log.ts";
import { rotateAll } from "../shared/rotation/rotate-all.ts";
import { logTo } from "../shared/triggers/log-event.ts";
import { rhythmOf } from "../shared/triggers/rhythm.ts";
import { clock } from "../shared/world/clock.ts";
import { everyCredential, queue } from "../shared/world/engine.ts";
import { fleet } from "../shared/world/fleet.ts";
import { receivers, rotationSchedule, settings } from "../shared/world/settings.ts";
import { openWorld } from "../shared/world/world.ts";

app.timer("rotate-on-schedule", {
  schedule: rotationSchedule,
  handler: async ({ scheduleStatus }, context) => {
    const beganOn = new Date();
    const log = logTo(context);
    const { rotation } = settings();
    const { deployments, faults } = await fleet();
    for (const fault of faults)
      log({ event: "trouble", message: `problem with the list of deployments: ${fault}`, code: "settings-invalid" });
    for (const fault of receivers().faults)
      log({
        event: "trouble",
        message: `problem with the receivers of notifications: ${fault}`,
        code: "settings-invalid",
      });
    const rhythm = rhythmOf(scheduleStatus, beganOn);
    try {
      await noteTimerRun(queue(), { now: beganOn, ...rhythm });
      const all = everyCredential(deployments);
      await sweep(queue(), all, { now: beganOn, period: rhythm.period, random: clock.random });
      log({ event: "note", message: `looks queued, one for each credential: ${all.length}` });
      return await tellOfApp(faults, log);
    } catch (error) {
      log(trouble("cannot use the queue, so this run does the work itself", error));
    }
    const endsOn = new Date(beganOn.getTime() + TIMER_BUDGET);
    const order = { policy: rotation, beganOn, endsOn, leavesPushToEvent: true };
    const rotations = deployments.flatMap((one) => openWorld(one, log).credentials());
    await rotateAll(turnedBy(clock.random, rotations), order);
  },
});
