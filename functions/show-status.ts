import { app } from "@azure/functions";
import { authLevel } from "../shared/world/bindings.ts";

app.http("show-status", {
  methods: ["GET"],
  route: "status",
  authLevel,
  handler: async (...call) => (await import("../shared/handlers/show-status.ts")).showStatus(...call),
});
