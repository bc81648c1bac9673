import { readMessage } from "../engine/message.ts";
import { workOff } from "../engine/work-off.ts";
import { UNIT_BUDGET } from "../limits.ts";
import { clock } from "../world/clock.ts";
import { queue, sweepInstead } from "../world/engine.ts";
import { fleet } from "../world/fleet.ts";
import { settings } from "../world/settings.ts";
import { openWorld } from "../world/world.ts";
import type { Log } from "./owner-of-event.ts";

/** What a message of the queue of the work asks for: one credential is looked at, and what is due is done. */
export async function rotateCredential(message: unknown, context: Log): Promise<void> {
  const beganOn = new Date();
  const { rotation: policy } = settings();
  const { deployments } = await fleet();
  const report = (line: string) => context.error(line);
  const unit = readMessage(message, beganOn);
  if (unit.kind === "ignored") return context.warn(`message ignored: ${unit.because}`);
  if (unit.kind === "watch") return sweepInstead(deployments, report, unit);
  const deployment = deployments.find(({ name }) => name === unit.deployment);
  const rotation = deployment && openWorld(deployment, (line) => context.info(line)).find(unit.credential);
  if (!rotation) return context.warn(`message ignored: no ${unit.credential} of "${unit.deployment}" any more`);
  const endsOn = new Date(beganOn.getTime() + UNIT_BUDGET);
  await workOff(unit, rotation, { queue: queue(), random: clock.random, policy, beganOn, endsOn, report });
}
