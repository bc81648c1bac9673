import { app } from "@azure/functions";
import { pushByEvent } from "../shared/handlers/push-by-event.ts";
import { EVENT_BUDGET } from "../shared/limits.ts";

app.eventGrid("push-client-secret", {
  handler: (event, context) => pushByEvent(event, context, EVENT_BUDGET),
});
