import type { InvocationContext } from "@azure/functions";
import { credentialsOf } from "../deployment/credentials.ts";
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
import { tellOf, tellOfApp, tellOfDeployment } from "./tell.ts";

/** What a message of the queue of the work asks for: one credential is looked at, and what is due is done. */
export async function rotateCredential(message: unknown, context: InvocationContext): Promise<void> {
  const beganOn = new Date();
  const { rotation: policy } = settings();
  const { deployments, faults } = await fleet();
  const log = logTo(context);
  const unit = readMessage(message, beganOn);
  if (unit.kind === "ignored") return log(messageIgnored(unit.because));
  if (unit.kind === "watch") {
    await sweepInstead(deployments, log, unit);
    return tellOfApp(faults, log);
  }
  const deployment = deployments.find(({ name }) => name === unit.deployment);
  const rotation = deployment && openWorld(deployment, log).find(unit.credential);
  if (!rotation) {
    const gone = deployment ? `no longer has a ${unit.credential}` : "no longer exists";
    return log(messageIgnored(`deployment "${unit.deployment}" ${gone}`));
  }
  const endsOn = new Date(beganOn.getTime() + UNIT_BUDGET);
  const about = { deployment, credential: unit.credential };
  const again = Number(context.triggerMetadata?.dequeueCount) > 1;
  const tools = { queue: queue(), random: clock.random, policy, beganOn, endsOn, again };
  try {
    const outcome = await workOff(unit, rotation, tools);
    await tellOf(about, { outcome }, log);
  } catch (failure) {
    await tellOf(about, { failure }, log);
    throw failure;
  } finally {
    // The runs of one of its credentials tell of the deployment.
    if (unit.credential === credentialsOf(deployment)[0]) await tellOfDeployment(deployment, log);
  }
}
