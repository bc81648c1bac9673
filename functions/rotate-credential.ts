import { app } from "@azure/functions";
import { WORK_QUEUE } from "../shared/engine/queues.ts";

app.storageQueue("rotate-credential", {
  queueName: WORK_QUEUE,
  connection: "AzureWebJobsStorage",
  handler: async (...run) => (await import("../shared/handlers/rotate-credential.ts")).rotateCredential(...run),
});
