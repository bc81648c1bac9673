import { app } from "@azure/functions";
import { authLevel } from "../shared/world/bindings.ts";

app.http("delete-default-admin", {
  methods: ["POST"],
  route: "harden",
  authLevel,
  handler: async (...call) => (await import("../shared/handlers/delete-default-admin.ts")).deleteDefaultAdmin(...call),
});
