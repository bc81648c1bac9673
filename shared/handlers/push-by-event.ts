import { leaveToQueue, sendSoon } from "../engine/leave.ts";
import { eventIgnored } from "../log.ts";
import type { Notebook } from "../rotation/progress.ts";
import { type Context, logTo } from "../triggers/log-event.ts";
import { leaving, lookAfterTimer } from "../world/engine.ts";
import { openWorld } from "../world/world.ts";
import { ownerOfEvent } from "./owner-of-event.ts";

/**
 * What the vault's event of a new version asks for, however it has come: the current secret is handed on at once. What
 * does not fit into the time is left to the queue.
 * @throws what the push failed with, so that the event comes again, unless a message goes on with it.
 */
export async function pushByEvent(event: unknown, context: Context, budget: number): Promise<void> {
  const endsOn = new Date(Date.now() + budget);
  const log = logTo(context);
  const found = await ownerOfEvent(event, log, ({ type }) => type === "SecretNewVersionCreated");
  if (!found) return;
  const { name, deployment, credential, deployments } = found;
  const { deliver } = openWorld(deployment, log).credential(credential);
  if (!deliver) return log(eventIgnored(`"${name}" is pushed by the run that stored it, or by the timer`));
  const named = { deployment: deployment.name, credential };
  const notebook: Notebook = {};
  try {
    const applied = await deliver(endsOn, notebook);
    const left = await leaveToQueue(named, { outcome: undefined, notebook }, leaving(log, new Date()));
    // The end of a time to read is told by whoever promoted: two messages for it would do the same twice at one moment.
    if (applied?.state === "waiting" && !applied.until && !left) await sendSoon(named, leaving(log, new Date()));
  } catch (error) {
    if (!(await leaveToQueue(named, { outcome: undefined, notebook }, leaving(log, new Date())))) throw error;
  }
  await lookAfterTimer(deployments, log);
}
