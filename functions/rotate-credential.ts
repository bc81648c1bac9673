import { app } from "@azure/functions";
import { readMessage, WORK_QUEUE } from "../shared/engine/message.ts";
import { workOff } from "../shared/engine/work-off.ts";
import { tellOf, tellOfApp } from "../shared/handlers/tell.ts";
import { UNIT_BUDGET } from "../shared/limits.ts";
import { messageIgnored } from "../shared/log.ts";
import { logTo } from "../shared/triggers/log-event.ts";
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
    try {
      const outcome = await workOff(unit, rotation, { queue: queue(), random: clock.random, policy, beganOn, endsOn });
      await tellOf(about, { outcome }, log);
    } catch (failure) {
      await tellOf(about, { failure }, log);
      throw failure;
    }
  },
});
