import type { InvocationContext, Timer } from "@azure/functions";
import { sweep, turnedBy } from "../engine/sweep.ts";
import { noteTimerRun } from "../engine/timer-watch.ts";
import { SettingsError } from "../errors.ts";
import { TIMER_BUDGET } from "../limits.ts";
import { trouble } from "../log.ts";
import { rotateAll } from "../rotation/rotate-all.ts";
import { logTo } from "../triggers/log-event.ts";
import { rhythmOf } from "../triggers/rhythm.ts";
import { clock } from "../world/clock.ts";
import { everyCredential, queue } from "../world/engine.ts";
import { fleet } from "../world/fleet.ts";
import { receivers, settings } from "../world/settings.ts";
import { openWorld } from "../world/world.ts";
import { tellOfApp } from "./tell.ts";

/** What the timer does: every credential of every deployment is sent to the queue, or looked at where there is none. */
export async function rotateOnSchedule({ scheduleStatus }: Timer, context: InvocationContext): Promise<void> {
  const beganOn = new Date();
  const log = logTo(context);
  const { rotation } = settings();
  const rhythm = rhythmOf(scheduleStatus, beganOn);
  // First of all: that the timer runs is true, whatever comes of it.
  const [noted] = await Promise.allSettled([noteTimerRun(queue(), { now: beganOn, random: clock.random, ...rhythm })]);
  const { deployments, faults } = await fleet().catch(async (error: unknown) => {
    log(trouble("no deployment is served", error));
    // Where no deployment can be served no other run comes so far as to tell it.
    if (error instanceof SettingsError) await tellOfApp(error.faults, log);
    throw error;
  });
  for (const message of [
    ...faults.map((fault) => `problem with the list of deployments: ${fault}`),
    ...receivers().faults.map((fault) => `problem with the receivers of notifications: ${fault}`),
  ])
    log({ event: "trouble", message, code: "settings-invalid" });
  try {
    if (noted.status === "rejected") throw noted.reason;
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
}
