import { apiDocument } from "../api/document.ts";
import { json } from "../triggers/answer.ts";
import { guarded, readQuery } from "../triggers/guarded.ts";
import { guard } from "../world/guard.ts";

/** `GET /api/openapi.json`. */
export const describeApi = guarded(guard, "Automation.Read", async ({ request }) => {
  readQuery(request, []);
  return json(200, apiDocument());
});
