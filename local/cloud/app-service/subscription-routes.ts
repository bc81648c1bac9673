import { Hono } from "hono";
import type { Authenticated } from "./gate.ts";
import type { AppServiceOptions } from "./options.ts";
import { refusal } from "./refusal.ts";
import type { Rights } from "./rights.ts";

/** `/subscriptions` and `/tenants`: what clients ask after a sign-in. Whoever has a right in a subscription sees it. */
export function subscriptionRoutes({ tenantId }: AppServiceOptions, rights: Rights): Hono<Authenticated> {
  const routes = new Hono<Authenticated>();
  const shown = (subscriptionId: string): object => ({
    id: `/subscriptions/${subscriptionId}`,
    subscriptionId,
    tenantId,
    displayName: "Local",
    state: "Enabled",
    subscriptionPolicies: {
      locationPlacementId: "Public_2014-09-01",
      quotaId: "PayAsYouGo_2014-09-01",
      spendingLimit: "Off",
    },
    authorizationSource: "RoleBased",
    managedByTenants: [],
  });

  routes.get("/subscriptions", (c) => {
    const value = rights.subscriptionsOf(c.get("objectId")).map(shown);
    return c.json({ value, count: { type: "Total", value: value.length } });
  });
  routes.get("/subscriptions/:subscription", (c) => {
    const id = c.req.param("subscription").toLowerCase();
    if (rights.subscriptionsOf(c.get("objectId")).includes(id)) return c.json(shown(id));
    const message = `The subscription '${id}' could not be found.`;
    throw refusal(404, { code: "SubscriptionNotFound", message });
  });
  routes.get("/tenants", (c) => c.json({ value: [{ id: `/tenants/${tenantId}`, tenantId, displayName: "Example" }] }));
  return routes;
}
