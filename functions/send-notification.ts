import { app } from "@azure/functions";
import { logTo } from "../shared/triggers/log-event.ts";

app.storageQueue("send-notification", {
  queueName: "send-notification",
  connection: "AzureWebJobsStorage",
  handler: async (message, context) => {
    const { sendNotification } = await import("../shared/handlers/send-notification.ts");
    await sendNotification(message, logTo(context));
  },
});
