import { decodeJwt } from "jose";
import { type Case, Difference, expect, expectSeen, items, NotThere, record, type Tenant } from "../case.ts";
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
        const seen = await tenant.app(`${origin}/api/status`, { scope: `api://${clientId}/.default` });
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

const NOW_SIGN_IN =
  "the session is not one of the app (or has ended): sign in to its page again, and take the cookie anew";

/** The id token that the platform keeps for the session; it is not told. */
async function heldToken(tenant: Tenant): Promise<{ origin: string; clientId: string; idToken: string }> {
  const { origin, clientId } = await guard(tenant);
  if (!clientId) throw new NotThere("built-in authentication names no registration");
  const seen = await tenant.app(`${origin}/.auth/me`, "session");
  if (seen.status === 401 || (seen.status === 200 && items({ value: seen.json }).length === 0))
    throw new Error(NOW_SIGN_IN);
  if (seen.status === 404) throw new NotThere("the app keeps no tokens (signInPeople)");
  expectSeen(seen, { status: 200 });
  const { id_token: idToken } = items({ value: seen.json })[0] ?? {};
  if (typeof idToken !== "string") throw new Difference("it shows no id token");
  return { origin, clientId, idToken };
}

/** What the app answers a session; it looks at the id token that it is handed, and at nothing else. */
async function pageFor(tenant: Tenant, origin: string): Promise<number> {
  const { status } = await tenant.app(`${origin}/api/page`, "session");
  if (status === 404) throw new NotThere("the app has no page");
  return status;
}

/** A person in a browser, whose session the operator hands over. */
export const SIGNED_IN: Case[] = (
  [
    {
      id: "auth-holds-id-token",
      claim:
        "the token store holds an id token for the app's registration, which lives for an hour to an hour and a half",
      async run(tenant) {
        const { clientId, idToken } = await heldToken(tenant);
        const { aud, iat = 0, exp = 0 } = decodeJwt(idToken);
        expect(aud === clientId, "it is for somebody else");
        const minutes = Math.round((exp - iat) / 60);
        expect(minutes >= 55 && minutes <= 95, `it lives for ${minutes} minutes`);
        return `${minutes} minutes, ${Math.round((exp - tenant.now().getTime() / 1000) / 60)} of them left`;
      },
    },
    {
      id: "auth-hands-on-id-token",
      claim: "built-in authentication hands the id token of who is signed in on to the app, which takes it",
      async run(tenant) {
        const { origin, idToken } = await heldToken(tenant);
        if ((decodeJwt(idToken).exp ?? 0) <= tenant.now().getTime() / 1000)
          throw new NotThere("the id token has ended: sign in again");
        const status = await pageFor(tenant, origin);
        // Without the role the token came all the same.
        if (status !== 200 && status !== 403) throw new Difference(`the app answers ${status}`);
        return status === 403 ? "it came, and lacks the role" : undefined;
      },
    },
    {
      id: "auth-renews-no-id-token",
      claim: "an id token that has ended is handed on as it is, and the app refuses it, until somebody signs in again",
      async run(tenant) {
        const { origin, idToken } = await heldToken(tenant);
        if ((decodeJwt(idToken).exp ?? 0) > tenant.now().getTime() / 1000)
          throw new NotThere(
            "the id token has not ended yet: run it again with the same session when an hour has passed",
          );
        const status = await pageFor(tenant, origin);
        if (status !== 401) throw new Difference(`the app answers ${status}`);
        return undefined;
      },
    },
  ] satisfies Case[]
).map((one) => ({ ...one, needs: ["app", "signed-in"] }));
