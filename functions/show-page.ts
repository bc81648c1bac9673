import { app } from "@azure/functions";
import { authLevel } from "../shared/world/bindings.ts";

app.http("show-page", {
  methods: ["GET"],
  route: "page",
  authLevel,
  handler: async (...call) => (await import("../shared/handlers/guarded-page.ts")).guardedPage(...call),
});
