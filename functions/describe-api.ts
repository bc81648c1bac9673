import { app } from "@azure/functions";
import { json } from "../shared/triggers/answer.ts";
import { guarded, readQuery } from "../shared/triggers/guarded.ts";
import { guard } from "../shared/world/guard.ts";
import { authLevel } from "../shared/world/settings.ts";

app.http("describe-api", {
  methods: ["GET"],
  route: "openapi.json",
  authLevel,
  handler: guarded(guard, "Automation.Read", async ({ request }) => {
    readQuery(request, []);
    // Nothing else needs what it is made from.
    const { apiDocument } = await import("../shared/api/document.ts");
    return json(200, apiDocument());
  }),
});
