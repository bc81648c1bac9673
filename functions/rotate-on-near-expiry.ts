import { app } from "@azure/functions";
import { EVENT_BUDGET } from "../shared/limits.ts";

app.eventGrid("rotate-on-near-expiry", {
  handler: async (event, context) =>
    (await import("../shared/handlers/rotate-by-event.ts")).rotateByEvent(event, context, EVENT_BUDGET),
});
