import { leaveToQueue, sendSoon } from "../engine/leave.ts";
import { messageOf } from "../retry.ts";
import type { Notebook } from "../rotation/progress.ts";
import { clock } from "../world/clock.ts";
import { lookAfterTimer, queue } from "../world/engine.ts";
import { openWorld } from "../world/world.ts";
import { type Log, ownerOfEvent } from "./owner-of-event.ts";

/**
 * What the vault's event of a new version asks for, however it has come: the current secret is handed on at once. What
 * does not fit into the time is left to the queue.
 * @throws what the push failed with, so that the event comes again, unless a message goes on with it.
 */
export async function pushByEvent(event: unknown, log: Log, budget: number): Promise<void> {
  const endsOn = new Date(Date.now() + budget);
  const report = (line: string) => log.error(line);
  const found = await ownerOfEvent(event, log, ({ type }) => type === "SecretNewVersionCreated");
  if (!found) return;
  const { name, deployment, credential, deployments } = found;
  const { deliver } = openWorld(deployment, (line) => log.info(line)).credential(credential);
  if (!deliver) return log.info(`event ignored: "${name}" is left to the run that stored it, and the timer`);
  const named = { deployment: deployment.name, credential };
  const notebook: Notebook = {};
  const leaving = () => ({ queue: queue(), now: new Date(), random: clock.random, report });
  try {
    const applied = await deliver(endsOn, notebook);
    log.info(`push of "${name}": ${applied.detail}`);
    const left = await leaveToQueue(named, { outcome: undefined, notebook }, leaving());
    if (applied.state === "waiting" && !left) await sendSoon(named, leaving(), applied.until);
  } catch (error) {
    if (!(await leaveToQueue(named, { outcome: undefined, notebook }, leaving()))) throw error;
    report(`push of "${name}": ${messageOf(error)}`);
  }
  await lookAfterTimer(deployments, report);
}
