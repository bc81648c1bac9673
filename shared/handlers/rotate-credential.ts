import type { InvocationContext } from "@azure/functions";
import { readMessage } from "../engine/message.ts";
import { workOff } from "../engine/work-off.ts";
import { UNIT_BUDGET } from "../limits.ts";
import { messageIgnored } from "../log.ts";
import { logTo } from "../triggers/log-event.ts";
import { clock } from "../world/clock.ts";
import { queue, sweepInstead } from "../world/engine.ts";
import { fleet } from "../world/fleet.ts";
import { settings } from "../world/settings.ts";
import { openWorld } from "../world/world.ts";

/** What a message of the queue of the work asks for: one credential is looked at, and what is due is done. */
export async function rotateCredential(message: unknown, context: InvocationContext): Promise<void> {
  const beganOn = new Date();
  const { rotation: policy } = settings();
  const { deployments } = await fleet();
  const log = logTo(context);
  const unit = readMessage(message, beganOn);
  if (unit.kind === "ignored") return log(messageIgnored(unit.because));
  if (unit.kind === "watch") return sweepInstead(deployments, log, unit);
  const deployment = deployments.find(({ name }) => name === unit.deployment);
  const rotation = deployment && openWorld(deployment, log).find(unit.credential);
  if (!rotation) {
    const gone = deployment ? `no longer has a ${unit.credential}` : "no longer exists";
    return log(messageIgnored(`deployment "${unit.deployment}" ${gone}`));
  }
  const endsOn = new Date(beganOn.getTime() + UNIT_BUDGET);
  await workOff(unit, rotation, { queue: queue(), random: clock.random, policy, beganOn, endsOn });
}
