import { app } from "@azure/functions";
import { authLevel } from "../shared/world/bindings.ts";

app.http("provision-registrations", {
  methods: ["POST"],
  route: "provision",
  authLevel,
  handler: async (...call) =>
    (await import("../shared/handlers/provision-registrations.ts")).provisionRegistrations(...call),
});
