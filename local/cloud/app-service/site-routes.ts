import { type Context, Hono } from "hono";
import { z } from "zod";
import { referenceAnswer, settingsAnswer } from "./answers.ts";
import type { Authenticated } from "./gate.ts";
import { invalidOnFlex, refusal, siteBusy, siteNotFound } from "./refusal.ts";
import type { Right, Rights } from "./rights.ts";
import { isOutdated, resolveAll, type Site, start } from "./site.ts";

const SITE = "/subscriptions/:subscription/resourceGroups/:group/providers/Microsoft.Web/sites/:site";
/** What says the same as `functionAppConfig` does (microsoft/vscode-azurefunctions #4142, azure-functions-host #11908). */
const REFUSED_ON_FLEX = ["FUNCTIONS_WORKER_RUNTIME"];
/** `StringDictionary` as it is sent; what the answer has beyond that is forgiven, as it is read, changed and put. */
const settingsBody = z.strictObject({
  properties: z.record(z.string(), z.string()),
  id: z.string().optional(),
  name: z.string().optional(),
  type: z.string().optional(),
  kind: z.string().optional(),
});

/**
 * The calls on a site that concern its app settings and its process (Microsoft.Web, "Web Apps"). What a refresh answers
 * is documented nowhere: 200 without a body here. Neither it nor a restart by itself is said to do the other's work, so
 * that a refresh leaves the process alone, and a restart fetches nothing (both unverified).
 */
export function siteRoutes(sites: readonly Site[], rights: Rights): Hono<Authenticated> {
  const routes = new Hono<Authenticated>();
  const site = (c: Context<Authenticated>, right: Right): Site => {
    const { subscription, group, site: name } = c.req.param() as Record<"subscription" | "group" | "site", string>;
    const id = `/subscriptions/${subscription}/resourceGroups/${group}/providers/Microsoft.Web/sites/${name}`;
    rights.require(c.get("objectId"), right, id);
    const found = sites.find((candidate) => candidate.id.toLowerCase() === id.toLowerCase());
    if (!found) throw siteNotFound(name, group);
    return found;
  };
  const free = (c: Context<Authenticated>, right: Right): Site => {
    const found = site(c, right);
    if (found.busyFor === 0) return found;
    found.busyFor -= 1;
    throw siteBusy();
  };

  routes.post(`${SITE}/config/appsettings/list`, (c) => c.json(settingsAnswer(site(c, "list"))));

  // What is put takes the place of all settings, and the process starts anew with everything fetched anew.
  routes.put(`${SITE}/config/appsettings`, async (c) => {
    const changed = free(c, "write");
    const body = settingsBody.safeParse(await c.req.json().catch(() => undefined));
    if (!body.success) throw refusal(400, { code: "BadRequest", message: "The request content was invalid." });
    const refused = changed.flex ? REFUSED_ON_FLEX.find((name) => name in body.data.properties) : undefined;
    if (refused) throw invalidOnFlex(refused);
    changed.settings = body.data.properties;
    await resolveAll(changed);
    start(changed);
    return c.json(settingsAnswer(changed));
  });

  routes.get(`${SITE}/config/configreferences/appsettings`, (c) => {
    const read = site(c, "read");
    return c.json({ value: [...read.resolutions.keys()].map((key) => referenceAnswer(read, key)) });
  });

  routes.get(`${SITE}/config/configreferences/appsettings/:key`, (c) => {
    const answer = referenceAnswer(site(c, "read"), c.req.param("key"));
    if (answer) return c.json(answer);
    throw refusal(404, { code: "NotFound", message: `Cannot find the app setting '${c.req.param("key")}'.` });
  });

  routes.post(`${SITE}/config/configreferences/appsettings/refresh`, async (c) => {
    const refreshed = free(c, "refresh");
    await after(refreshed, refreshed.timing.refreshing, () => resolveAll(refreshed));
    return c.body(null, 200);
  });

  routes.post(`${SITE}/restart`, async (c) => {
    const restarted = free(c, "restart");
    // A soft restart is one "only if necessary"; one that is not synchronous answers before it has happened.
    if (c.req.query("softRestart") === "true" && !isOutdated(restarted)) return c.body(null, 200);
    const delay = c.req.query("synchronous") === "true" ? 0 : restarted.timing.restarting;
    await after(restarted, delay, async () => start(restarted));
    return c.body(null, 200);
  });
  return routes;
}

async function after({ options }: Site, milliseconds: number, job: () => Promise<void>): Promise<void> {
  if (milliseconds === 0) return job();
  options.clock.at(new Date(options.clock.now().getTime() + milliseconds), job);
}
