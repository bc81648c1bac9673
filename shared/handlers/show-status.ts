import { appConditions } from "../status/app-conditions.ts";
import { worst } from "../status/condition.ts";
import { PARAMETERS, pageOf, readWish } from "../status/page.ts";
import { json } from "../triggers/answer.ts";
import { guarded, pickDeployment, readQuery } from "../triggers/guarded.ts";
import { logTo } from "../triggers/log-event.ts";
import { guard } from "../world/guard.ts";
import { look, lookAtEngine } from "./look.ts";

/** `GET /api/status`. */
export const showStatus = guarded(
  guard,
  "Automation.Read",
  async ({ request, context, beganOn, deployments, faults }) => {
    const wish = readWish(readQuery(request, PARAMETERS));
    const { page, next } =
      wish.kind === "page"
        ? pageOf(deployments, wish)
        : { page: [pickDeployment({ deployments, faults }, wish.deployment)], next: undefined };
    const [engine, ...told] = await Promise.all([
      lookAtEngine(),
      ...page.map((deployment) => look(deployment, { among: deployments, log: logTo(context), history: wish.history })),
    ]);
    const conditions = appConditions(engine, faults);
    const verdict = worst([...conditions, ...told].map((one) => one.verdict));
    const wrong = faults.length > 0 ? { faults } : {};
    return json(200, { on: beganOn, verdict, conditions, engine, ...wrong, deployments: told, next });
  },
);
