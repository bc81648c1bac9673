import { app } from "@azure/functions";
import { NOTIFICATION_QUEUE } from "../shared/engine/queues.ts";

app.storageQueue("send-notification", {
  queueName: NOTIFICATION_QUEUE,
  connection: "AzureWebJobsStorage",
  handler: async (message, context) =>
    (await import("../shared/handlers/send-notification.ts")).sendNotification(message, context),
});
