import { app } from "@azure/functions";
import { NEAR_EXPIRY_QUEUE } from "../shared/engine/message.ts";
import { rotateByEvent } from "../shared/handlers/rotate-by-event.ts";
import { UNIT_BUDGET } from "../shared/limits.ts";

// Where Event Grid cannot reach the app, it puts its events into a queue (infra/events.json).
app.storageQueue("rotate-on-near-expiry-queued", {
  queueName: NEAR_EXPIRY_QUEUE,
  connection: "AzureWebJobsStorage",
  handler: (event, context) => rotateByEvent(event, context, UNIT_BUDGET),
});
