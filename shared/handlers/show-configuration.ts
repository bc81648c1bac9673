import { desiredConfiguration } from "../configuration/desired.ts";
import { observe } from "../configuration/observe.ts";
import { observeEach } from "../configuration/observe-each.ts";
import { ONE_AT_A_TIME, render } from "../configuration/render.ts";
import { PARAMETERS, readRequest } from "../configuration/request.ts";
import { text } from "../triggers/answer.ts";
import { guarded, pickDeployment, readQuery } from "../triggers/guarded.ts";
import { logTo } from "../triggers/log-event.ts";
import { guard } from "../world/guard.ts";
import { openWorld } from "../world/world.ts";

/** `GET /api/configuration`. */
export const showConfiguration = guarded(
  guard,
  "Automation.Read",
  async ({ request, context, settings, deployments, faults }) => {
    const { deployment: name, format, version } = readRequest(readQuery(request, PARAMETERS));
    // Deployments may run different releases, so a release is asked for by name.
    const all = name === undefined && version === undefined && !ONE_AT_A_TIME.includes(format);
    const chosen = all ? deployments : [pickDeployment({ deployments, faults }, name)];
    const { tenantId, keyVaultUrl, readWithinHours } = settings;
    const { facts, leftOut } = await observeEach(chosen, (deployment) => {
      const world = openWorld(deployment, logTo(context));
      return observe(world, { deployment, version, tenantId, keyVaultUrl, readWithinHours });
    });
    const answer = render(format, facts.map(desiredConfiguration), leftOut);
    return text(200, answer.text, answer.contentType);
  },
);
