import { app } from "@azure/functions";
import { NEAR_EXPIRY_QUEUE } from "../shared/engine/queues.ts";
import { UNIT_BUDGET } from "../shared/limits.ts";

// Where Event Grid cannot reach the app, it puts its events into a queue (infra/events.json).
app.storageQueue("rotate-on-near-expiry-queued", {
  queueName: NEAR_EXPIRY_QUEUE,
  connection: "AzureWebJobsStorage",
  handler: async (event, context) =>
    (await import("../shared/handlers/rotate-by-event.ts")).rotateByEvent(event, context, UNIT_BUDGET),
});
