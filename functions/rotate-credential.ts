import { app } from "@azure/functions";
import { readMessage, WORK_QUEUE } from "../shared/engine/message.ts";
import { workOff } from "../shared/engine/work-off.ts";
import { UNIT_BUDGET } from "../shared/limits.ts";
import { clock } from "../shared/world/clock.ts";
import { queue, sweepInstead } from "../shared/world/engine.ts";
import { fleet } from "../shared/world/fleet.ts";
import { settings } from "../shared/world/settings.ts";
import { openWorld } from "../shared/world/world.ts";

app.storageQueue("rotate-credential", {
  queueName: WORK_QUEUE,
  connection: "AzureWebJobsStorage",
  handler: async (message, context) => {
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
  },
});
