import { answerError } from "../triggers/answer.ts";
import { authorizationOfPerson, wantsPage } from "../triggers/browser.ts";
import { guarded } from "../triggers/guarded.ts";
import { logTo } from "../triggers/log-event.ts";
import { guard } from "../world/guard.ts";
import { signsPeopleIn } from "../world/settings.ts";

/** Rendering is heavy, and loaded when somebody looks. */
const rendering = () => import("./show-page.ts");

/** `GET /api/page`. */
export const guardedPage = guarded(
  guard,
  {
    needs: "Automation.Read",
    takesIdTokens: true,
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
);
