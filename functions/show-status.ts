import { app } from "@azure/functions";
import { look, lookAtEngine } from "../shared/handlers/look.ts";
import { appConditions } from "../shared/status/app-conditions.ts";
import { worst } from "../shared/status/condition.ts";
import { PARAMETERS, pageOf, readWish } from "../shared/status/page.ts";
import { json } from "../shared/triggers/answer.ts";
import { guarded, pickDeployment, readQuery } from "../shared/triggers/guarded.ts";
import { logTo } from "../shared/triggers/log-event.ts";
import { guard } from "../shared/world/guard.ts";
import { authLevel } from "../shared/world/settings.ts";

app.http("show-status", {
  methods: ["GET"],
  route: "status",
  authLevel,
  handler: guarded(guard, "Automation.Read", async ({ request, context, beganOn, deployments, faults }) => {
    const wish = readWish(readQuery(request, PARAMETERS));
    const { page, next } =
      wish.kind === "page"
        ? pageOf(deployments, wish)
        : { page: [pickDeployment(deployments, wish.deployment)], next: undefined };
    const [engine, ...told] = await Promise.all([
      lookAtEngine(),
      ...page.map((deployment) => look(deployment, { among: deployments, log: logTo(context) })),
    ]);
    const conditions = appConditions(engine, faults);
    const verdict = worst([...conditions, ...told].map((one) => one.verdict));
    const wrong = faults.length > 0 ? { faults } : {};
    return json(200, { on: beganOn, verdict, conditions, engine, ...wrong, deployments: told, next });
  }),
});
