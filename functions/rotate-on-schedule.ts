import { app } from "@azure/functions";
import { rotateAll } from "../shared/rotation/rotate-all.ts";
import { rotationSchedule, settings } from "../shared/world/settings.ts";
import { openWorld } from "../shared/world/world.ts";

/** The host ends a run after ten minutes (host.json). */
const LONGEST_RUN = 8 * 60_000;

app.timer("rotate-on-schedule", {
  schedule: rotationSchedule,
  handler: async (_timer, context) => {
    const beganOn = new Date();
    const { deployments, rotation } = settings();
    const endsOn = new Date(beganOn.getTime() + LONGEST_RUN);
    const order = { policy: rotation, beganOn, endsOn, leavesPushToEvent: true };
    const all = deployments.flatMap((one) => openWorld(one, (line) => context.info(line)).credentials());
    await rotateAll(all, order, (line) => context.error(line));
  },
});
