import { app } from "@azure/functions";
import { authLevel } from "../shared/world/bindings.ts";

app.http("rotate-client-secret", {
  methods: ["POST"],
  route: "rotate",
  authLevel,
  handler: async (...call) => (await import("../shared/handlers/rotate-client-secret.ts")).rotateClientSecret(...call),
});
