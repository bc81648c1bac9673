import { app } from "@azure/functions";
import { readVaultEvent } from "../shared/events/vault-event.ts";
import { deliverCurrent } from "../shared/rotation/push.ts";
import { openWorld, ownerOf, settings } from "../shared/world.ts";

/** Event Grid waits 30 s for an answer; what is left over is the timer's. */
const LONGEST_RUN = 20_000;

app.eventGrid("push-client-secret", {
  handler: async (event, context) => {
    const endsOn = new Date(Date.now() + LONGEST_RUN);
    const seen = readVaultEvent(event, settings().keyVaultUrl);
    if (seen.kind === "ignored") return context.warn(`event ignored: ${seen.because}`);
    const owner = ownerOf(seen.name);
    if (!owner || seen.type !== "SecretNewVersionCreated") {
      return context.info(`event ignored: ${seen.type} of "${seen.name}" asks for nothing here`);
    }
    const { rotation } = openWorld(owner.deployment, (line) => context.info(line));
    // A failure is thrown, so that Event Grid delivers the event again.
    const { detail } = await deliverCurrent(rotation(owner.credential), endsOn);
    context.info(`push of "${seen.name}": ${detail}`);
  },
});
