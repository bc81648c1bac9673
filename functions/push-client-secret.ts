import { app } from "@azure/functions";
import { EVENT_BUDGET } from "../shared/limits.ts";

app.eventGrid("push-client-secret", {
  handler: async (event, context) =>
    (await import("../shared/handlers/push-by-event.ts")).pushByEvent(event, context, EVENT_BUDGET),
});
