import { app } from "@azure/functions";
import { EVENT_BUDGET } from "../shared/limits.ts";
import { rotateAll } from "../shared/rotation/rotate-all.ts";
import { readVaultEvent } from "../shared/triggers/vault-event.ts";
import { ownerOf, settings } from "../shared/world/settings.ts";
import { openWorld } from "../shared/world/world.ts";

app.eventGrid("rotate-on-near-expiry", {
  handler: async (event, context) => {
    const beganOn = new Date();
    const { keyVaultUrl, rotation } = settings();
    const seen = readVaultEvent(event, keyVaultUrl);
    if (seen.kind === "ignored") return context.warn(`event ignored: ${seen.because}`);
    const owner = ownerOf(seen.name);
    if (!owner || seen.type === "SecretNewVersionCreated") {
      return context.info(`event ignored: ${seen.type} of "${seen.name}" asks for nothing here`);
    }
    const credential = openWorld(owner.deployment, (line) => context.info(line)).credential(owner.credential);
    if (!credential.deliver) return context.info(`event ignored: "${seen.name}" is left to the timer`);
    const endsOn = new Date(beganOn.getTime() + EVENT_BUDGET);
    const order = { policy: rotation, beganOn, endsOn, leavesPushToEvent: true };
    await rotateAll([credential], order, (line) => context.error(line));
  },
});
