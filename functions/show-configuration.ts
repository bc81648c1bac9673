import { app } from "@azure/functions";
import { authLevel } from "../shared/world/bindings.ts";

app.http("show-configuration", {
  methods: ["GET"],
  route: "configuration",
  authLevel,
  handler: async (...call) => (await import("../shared/handlers/show-configuration.ts")).showConfiguration(...call),
});
