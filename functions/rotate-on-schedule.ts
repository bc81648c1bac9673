import { app } from "@azure/functions";
import { TIMER_BUDGET } from "../shared/limits.ts";
import { rotateAll } from "../shared/rotation/rotate-all.ts";
import { rotationSchedule, settings } from "../shared/world/settings.ts";
import { openWorld } from "../shared/world/world.ts";

app.timer("rotate-on-schedule", {
  schedule: rotationSchedule,
  handler: async (_timer, context) => {
    const beganOn = new Date();
    const { deployments, rotation } = settings();
    const endsOn = new Date(beganOn.getTime() + TIMER_BUDGET);
    const order = { policy: rotation, beganOn, endsOn, leavesPushToEvent: true };
    const all = deployments.flatMap((one) => openWorld(one, (line) => context.info(line)).credentials());
    await rotateAll(all, order, (line) => context.error(line));
  },
});
