import { app } from "@azure/functions";
import { NEW_VERSION_QUEUE } from "../shared/engine/message.ts";
import { pushByEvent } from "../shared/handlers/push-by-event.ts";
import { UNIT_BUDGET } from "../shared/limits.ts";

// Where Event Grid cannot reach the app, it puts its events into a queue (infra/events.json).
app.storageQueue("push-client-secret-queued", {
  queueName: NEW_VERSION_QUEUE,
  connection: "AzureWebJobsStorage",
  handler: (event, context) => pushByEvent(event, context, UNIT_BUDGET),
});
