import { app } from "@azure/functions";
import { EVENT_BUDGET } from "../shared/limits.ts";
import { readVaultEvent } from "../shared/triggers/vault-event.ts";
import { ownerOf, settings } from "../shared/world/settings.ts";
import { openWorld } from "../shared/world/world.ts";

app.eventGrid("push-client-secret", {
  handler: async (event, context) => {
    const endsOn = new Date(Date.now() + EVENT_BUDGET);
    const seen = readVaultEvent(event, settings().keyVaultUrl);
    if (seen.kind === "ignored") return context.warn(`event ignored: ${seen.because}`);
    const owner = ownerOf(seen.name);
    if (!owner || seen.type !== "SecretNewVersionCreated") {
      return context.info(`event ignored: ${seen.type} of "${seen.name}" asks for nothing here`);
    }
    const { deliver } = openWorld(owner.deployment, (line) => context.info(line)).credential(owner.credential);
    if (!deliver) return context.info(`event ignored: "${seen.name}" is left to the run that stored it, and the timer`);
    // A failure is thrown, so that Event Grid delivers the event again.
    const { detail } = await deliver(endsOn);
    context.info(`push of "${seen.name}": ${detail}`);
  },
});
