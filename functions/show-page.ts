import { app } from "@azure/functions";
import { answerError } from "../shared/triggers/answer.ts";
import { authorizationOfPerson, wantsPage } from "../shared/triggers/browser.ts";
import { guarded } from "../shared/triggers/guarded.ts";
import { logTo } from "../shared/triggers/log-event.ts";
import { guard } from "../shared/world/guard.ts";
import { authLevel, signsPeopleIn } from "../shared/world/settings.ts";

/** Rendering is heavy, and loaded when somebody looks. */
const rendering = () => import("../shared/handlers/show-page.ts");

app.http("show-page", {
  methods: ["GET"],
  route: "page",
  authLevel,
  handler: guarded(
    guard,
    {
      needs: "Automation.Read",
      authorizationOf: authorizationOfPerson,
      async refuse(error, request) {
        const answer = answerError(error);
        return wantsPage(request) ? (await rendering()).refusal(request, answer, signsPeopleIn) : answer;
      },
    },
    async ({ request, context, deployments, faults }) => {
      const { showPage } = await rendering();
      return showPage({ request, deployments, faults, log: logTo(context) });
    },
  ),
});
