import { app } from "@azure/functions";
import { NEW_VERSION_QUEUE } from "../shared/engine/queues.ts";
import { UNIT_BUDGET } from "../shared/limits.ts";

// Where Event Grid cannot reach the app, it puts its events into a queue (infra/events.json).
app.storageQueue("push-client-secret-queued", {
  queueName: NEW_VERSION_QUEUE,
  connection: "AzureWebJobsStorage",
  handler: async (event, context) =>
    (await import("../shared/handlers/push-by-event.ts")).pushByEvent(event, context, UNIT_BUDGET),
});
