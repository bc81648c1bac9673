import { app } from "@azure/functions";
import { desiredConfiguration } from "../shared/configuration/desired.ts";
import { observe } from "../shared/configuration/observe.ts";
import { observeEach } from "../shared/configuration/observe-each.ts";
import { render } from "../shared/configuration/render.ts";
import { PARAMETERS, readRequest } from "../shared/configuration/request.ts";
import { text } from "../shared/triggers/answer.ts";
import { guarded, pickDeployment, readQuery } from "../shared/triggers/guarded.ts";
import { logTo } from "../shared/triggers/log-event.ts";
import { guard } from "../shared/world/guard.ts";
import { authLevel } from "../shared/world/settings.ts";
import { openWorld } from "../shared/world/world.ts";

app.http("show-configuration", {
  methods: ["GET"],
  route: "configuration",
  authLevel,
  handler: guarded(guard, "Automation.Read", async ({ request, context, settings, deployments }) => {
    const { deployment: name, format, version } = readRequest(readQuery(request, PARAMETERS));
    // Deployments may run different releases, so a release is asked for by name.
    const all = name === undefined && version === undefined;
    const chosen = all ? deployments : [pickDeployment(deployments, name)];
    const { tenantId, keyVaultUrl, readWithinHours } = settings;
    const { facts, leftOut } = await observeEach(chosen, (deployment) => {
      const world = openWorld(deployment, logTo(context));
      return observe(world, { deployment, version, tenantId, keyVaultUrl, readWithinHours });
    });
    const answer = render(format, facts.map(desiredConfiguration), leftOut);
    return text(200, answer.text, answer.contentType);
  }),
});
