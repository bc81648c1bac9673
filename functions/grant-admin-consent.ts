import { app } from "@azure/functions";
import { authLevel } from "../shared/world/bindings.ts";

app.http("grant-admin-consent", {
  methods: ["POST"],
  route: "consent",
  authLevel,
  handler: async (...call) => (await import("../shared/handlers/grant-admin-consent.ts")).grantAdminConsent(...call),
});
