import { app } from "@azure/functions";
import { rotateByEvent } from "../shared/handlers/rotate-by-event.ts";
import { EVENT_BUDGET } from "../shared/limits.ts";

app.eventGrid("rotate-on-near-expiry", {
  handler: (event, context) => rotateByEvent(event, context, EVENT_BUDGET),
});
