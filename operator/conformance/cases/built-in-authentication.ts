import { type Case, Difference, expectSeen, items, NotThere, record, type Tenant } from "../case.ts";
import { look, propertiesOf } from "../look.ts";
import { flexApp } from "./flex.ts";

const API = "?api-version=2025-03-01";

/** Where the app is, and how it is guarded. */
async function guard(tenant: Tenant) {
  const { defaultHostName, virtualNetworkSubnetId } = propertiesOf(await flexApp(tenant));
  const settings = propertiesOf(await look(tenant.arm, `${tenant.named("app")}/config/authsettingsV2${API}`));
  const { requireAuthentication, unauthenticatedClientAction } = record(settings.globalValidation);
  const entra = record(record(record(settings.identityProviders).azureActiveDirectory).registration);
  return {
    origin: `https://${defaultHostName}`,
    subnetId: typeof virtualNetworkSubnetId === "string" ? virtualNetworkSubnetId : undefined,
    enforces:
      record(settings.platform).enabled === true &&
      requireAuthentication === true &&
      unauthenticatedClientAction === "Return401",
    clientId: typeof entra.clientId === "string" ? entra.clientId : undefined,
  };
}

/** Whoever is turned away by the network says nothing about what stands behind it. */
const NETWORK = "the network of the app turns you away: ask from within, or from an address that may call";

/** What stands in front of the app, and what the app reaches; it is only asked. */
export const BUILT_IN_AUTHENTICATION: Case[] = (
  [
    {
      id: "auth-enforced",
      claim:
        "built-in authentication on Flex Consumption turns a stranger away before the host is asked: 401 for a path that no function has",
      async run(tenant) {
        const { origin, enforces } = await guard(tenant);
        if (!enforces) throw new NotThere("built-in authentication is not set to turn strangers away");
        const { status } = await tenant.app(`${origin}/api/no-function-is-called-so`);
        if (status === 403) throw new Error(NETWORK);
        if (status !== 401) throw new Difference(`a stranger is answered ${status}`);
        return undefined;
      },
    },
    {
      id: "network-without-nat",
      claim: "an app in a network of its own, without a NAT gateway or a route, reaches Microsoft Graph",
      async run(tenant) {
        const { origin, subnetId, clientId } = await guard(tenant);
        if (!subnetId) throw new NotThere("the app is in no network");
        const { natGateway, routeTable } = propertiesOf(await look(tenant.arm, `${subnetId}?api-version=2025-05-01`));
        if (natGateway || routeTable) throw new NotThere("its subnet has a NAT gateway or a route table");
        if (!clientId) throw new NotThere("built-in authentication names no registration to ask a token for");
        const seen = await tenant.app(`${origin}/api/status`, `api://${clientId}/.default`);
        if (seen.status === 403) throw new Error(`${NETWORK}; it also takes Automation.Read`);
        expectSeen(seen, { status: 200 });
        const identities = items(seen.json, "deployments").map(({ identity }) => record(identity));
        if (identities.length === 0) throw new NotThere("the app serves no deployment");
        const reached = identities.some(({ graphPermissions }) => graphPermissions !== undefined);
        if (!reached) throw new Difference(`the app could not ask: ${identities[0]?.error ?? "no reason given"}`);
        return undefined;
      },
    },
  ] satisfies Case[]
).map((one) => ({ ...one, needs: ["app"] }));
