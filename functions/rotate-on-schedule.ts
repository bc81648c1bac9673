import { app } from "@azure/functions";
import { rotationSchedule } from "../shared/world/bindings.ts";

app.timer("rotate-on-schedule", {
  schedule: rotationSchedule,
  handler: async (...run) => (await import("../shared/handlers/rotate-on-schedule.ts")).rotateOnSchedule(...run),
});
