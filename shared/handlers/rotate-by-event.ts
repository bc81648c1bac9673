import { sendSoon } from "../engine/leave.ts";
import { rotateAll } from "../rotation/rotate-all.ts";
import { type Context, logTo } from "../triggers/log-event.ts";
import { leaving, lookAfterTimer } from "../world/engine.ts";
import { settings } from "../world/settings.ts";
import { openWorld } from "../world/world.ts";
import { ownerOfEvent } from "./owner-of-event.ts";

/**
 * What the vault's event of a near expiry asks for, however it has come: a look at the credential, which the queue
 * carries out. Where nothing can be sent, it is made at once, within the time that there is.
 */
export async function rotateByEvent(event: unknown, context: Context, budget: number): Promise<void> {
  const beganOn = new Date();
  const log = logTo(context);
  const found = await ownerOfEvent(event, log, ({ type }) => type !== "SecretNewVersionCreated");
  if (!found) return;
  const { name, type, deployment, credential, deployments } = found;
  if (await sendSoon({ deployment: deployment.name, credential }, leaving(log, beganOn), beganOn)) {
    await lookAfterTimer(deployments, log);
    return log({ event: "note", message: `${type} of "${name}": queued` });
  }
  const endsOn = new Date(beganOn.getTime() + budget);
  const order = { policy: settings().rotation, beganOn, endsOn, leavesPushToEvent: true, briefly: true };
  await rotateAll([openWorld(deployment, log).credential(credential)], order);
}
