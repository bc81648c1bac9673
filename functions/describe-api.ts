import { app } from "@azure/functions";
import { authLevel } from "../shared/world/bindings.ts";

app.http("describe-api", {
  methods: ["GET"],
  route: "openapi.json",
  authLevel,
  handler: async (...call) => (await import("../shared/handlers/describe-api.ts")).describeApi(...call),
});
