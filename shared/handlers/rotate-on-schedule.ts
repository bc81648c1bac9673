import type { Timer } from "@azure/functions";
import { sweep, turnedBy } from "../engine/sweep.ts";
import { noteTimerRun } from "../engine/timer-watch.ts";
import { TIMER_BUDGET } from "../limits.ts";
import { messageOf } from "../retry.ts";
import { rotateAll } from "../rotation/rotate-all.ts";
import { rhythmOf } from "../triggers/rhythm.ts";
import { clock } from "../world/clock.ts";
import { everyCredential, queue } from "../world/engine.ts";
import { fleet } from "../world/fleet.ts";
import { settings } from "../world/settings.ts";
import { openWorld } from "../world/world.ts";
import type { Log } from "./owner-of-event.ts";

/** What the timer does: every credential of every deployment is sent to the queue, or looked at where there is none. */
export async function rotateOnSchedule({ scheduleStatus }: Timer, context: Log): Promise<void> {
  const beganOn = new Date();
  const { rotation } = settings();
  const { deployments, faults } = await fleet();
  for (const fault of faults) context.error(`deployment left out: ${fault}`);
  const rhythm = rhythmOf(scheduleStatus, beganOn);
  try {
    await noteTimerRun(queue(), { now: beganOn, ...rhythm });
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
}
