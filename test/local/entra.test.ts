import { createHash } from "node:crypto";
import { ClientSecretCredential, ManagedIdentityCredential } from "@azure/identity";
import { createRemoteJWKSet, decodeJwt, jwtVerify } from "jose";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { DAY, HOUR, type IdentityWorld, MINUTE, SECOND, START, startIdentity } from "./identity-world.ts";

let world: IdentityWorld;
let client: { clientId: string; objectId: string };
let api: { clientId: string; objectId: string };
let secret: { keyId: string; value: string };

beforeEach(async () => {
  world = await startIdentity();
  client = world.directory.createApi({ displayName: "ingestion", appRoles: [] });
  api = world.directory.createApi({ displayName: "server", appRoles: ["Ingestion.Run", "Other.Role"] });
  secret = world.directory.addPasswordByHand(client.clientId, { displayName: "by hand" });
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await world.close();
});

interface TokenAnswer {
  access_token: string;
  error: string;
  error_codes: number[];
  error_description: string;
  correlation_id: string;
  expires_in: number;
}

async function post(form: Record<string, string>, options: { tenant?: string; headers?: Record<string, string> } = {}) {
  const url = `${world.authority}/${options.tenant ?? world.directory.tenantId}/oauth2/v2.0/token`;
  const answer = await fetch(url, { method: "POST", body: new URLSearchParams(form), headers: options.headers ?? {} });
  return { status: answer.status, body: (await answer.json()) as TokenAnswer };
}

function form(changes: Record<string, string | undefined> = {}): Record<string, string> {
  const fields = {
    grant_type: "client_credentials",
    client_id: client.clientId,
    client_secret: secret.value,
    scope: `api://${api.clientId}/.default`,
    ...changes,
  };
  return Object.fromEntries(
    Object.entries(fields).filter((field): field is [string, string] => field[1] !== undefined),
  );
}

const signIn = (changes?: Record<string, string | undefined>) => post(form(changes));
const claimsOf = ({ body }: { body: TokenAnswer }) => decodeJwt(body.access_token);
const withGraphRole = (graphPermissions: string[]) =>
  world.directory.createManagedIdentity({ displayName: "app", graphPermissions });

describe("the token endpoint", () => {
  it("issues a v2 token for an API that asks for it, signed by a published key", async () => {
    world.directory.assignRole({
      principalObjectId: client.objectId,
      apiClientId: api.clientId,
      role: "Ingestion.Run",
    });
    const answer = await signIn();
    const keys = createRemoteJWKSet(new URL(`${world.authority}/${world.directory.tenantId}/discovery/v2.0/keys`));
    const { payload, protectedHeader } = await jwtVerify(answer.body.access_token, keys, { currentDate: START });
    expect(protectedHeader).toMatchObject({ alg: "RS256", typ: "JWT" });
    expect(answer.body).toMatchObject({ token_type: "Bearer", expires_in: 3599, ext_expires_in: 3599 });
    expect(payload).toEqual({
      aud: api.clientId,
      iss: `${world.authority}/${world.directory.tenantId}/v2.0`,
      iat: START.getTime() / SECOND,
      nbf: START.getTime() / SECOND,
      exp: (START.getTime() + HOUR) / SECOND,
      azp: client.clientId,
      azpacr: "1",
      oid: client.objectId,
      sub: client.objectId,
      tid: world.directory.tenantId,
      roles: ["Ingestion.Run"],
      uti: expect.any(String),
      ver: "2.0",
    });
  });

  it("leaves out a role that was disabled", async () => {
    const { clientId: apiClientId } = api;
    for (const role of ["Ingestion.Run", "Other.Role"]) {
      world.directory.assignRole({ principalObjectId: client.objectId, apiClientId, role });
    }
    const { applications } = world.directory.state;
    const [application] = applications.list().filter(({ appId }) => appId === apiClientId);
    if (application) {
      const appRoles = application.appRoles.map((role) => ({ ...role, isEnabled: role.value === "Other.Role" }));
      applications.put(application.id, { ...application, appRoles });
    }
    expect(claimsOf(await signIn()).roles).toEqual(["Other.Role"]);
  });

  it("leaves roles out where none is assigned", async () => {
    expect(claimsOf(await signIn())).not.toHaveProperty("roles");
  });

  it("issues v1 tokens for Graph, under another issuer and for the audience as it was written", async () => {
    const named = claimsOf(await signIn({ scope: `${world.graphUrl}/.default` }));
    expect(named).toMatchObject({
      aud: world.graphUrl,
      // A name that Azurite takes too.
      iss: `https://sts.windows.net/${world.directory.tenantId}/`,
      ver: "1.0",
      appid: client.clientId,
      app_displayname: "ingestion",
      appidacr: "1",
    });
    const byId = claimsOf(await signIn({ scope: "00000003-0000-0000-c000-000000000000/.default" }));
    expect(byId.aud).toBe("00000003-0000-0000-c000-000000000000");
  });

  it("takes the resource's application id for a scope", async () => {
    expect(claimsOf(await signIn({ scope: `${api.clientId}/.default` })).aud).toBe(api.clientId);
  });

  it("issues tokens for a registered service of Azure", async () => {
    world.directory.registerResource("https://vault.localhost:1234", { audience: "https://vault.azure.net" });
    const claims = claimsOf(await signIn({ scope: "https://vault.localhost:1234/.default" }));
    expect(claims).toMatchObject({ aud: "https://vault.azure.net", ver: "1.0" });
    expect(claims).not.toHaveProperty("roles");
  });

  it("accepts HTTP Basic with encoded halves, and the tenant by its domain", async () => {
    const encoded = new URLSearchParams({ secret: secret.value }).toString().replace("secret=", "");
    expect(encoded).not.toBe(secret.value);
    const basic = Buffer.from(`${client.clientId}:${encoded}`).toString("base64");
    const answer = await post(form({ client_id: undefined, client_secret: undefined }), {
      tenant: world.directory.verifiedDomain,
      headers: { Authorization: `Basic ${basic}` },
    });
    expect(answer.status).toBe(200);
  });

  it("explains a refusal as Entra does", async () => {
    const { status, body } = await post(form({ client_secret: "wrong" }), { headers: { "client-request-id": "abc" } });
    expect(status).toBe(401);
    expect(body).toMatchObject({ error: "invalid_client", error_codes: [7000215], correlation_id: "abc" });
    expect(body.error_description).toMatch(
      new RegExp(
        `^AADSTS7000215: .* app '${client.clientId}'\\.\\r\\nTrace ID: .*\\r\\nCorrelation ID: abc\\r\\nTimestamp: 2026-03-01 09:00:00Z$`,
      ),
    );
  });

  it.each([
    ["the id of the secret in place of its value", () => ({ client_secret: secret.keyId }), 401, 7000215],
    ["no secret", () => ({ client_secret: undefined }), 401, 7000216],
    ["an unknown client", () => ({ client_id: crypto.randomUUID() }), 400, 700016],
    ["an unknown resource", () => ({ scope: "api://nobody/.default" }), 400, 500011],
    ["a scope by name", () => ({ scope: `api://${api.clientId}/access` }), 400, 1002012],
    ["a scope beside the default", () => ({ scope: `api://${api.clientId}/.default openid` }), 400, 70011],
    ["two resources", () => ({ scope: `a/.default b/.default` }), 400, 700022],
    ["no scope", () => ({ scope: undefined }), 400, 900144],
    ["no grant type", () => ({ grant_type: undefined }), 400, 900144],
    ["a grant type that there is not", () => ({ grant_type: "nothing" }), 400, 70003],
    ["an assertion", () => ({ client_secret: undefined, client_assertion: "a.b.c" }), 401, 700027],
  ])("refuses %s", async (_what, changes, status, code) => {
    const answer = await signIn(changes());
    expect([answer.status, answer.body.error_codes]).toEqual([status, [code]]);
  });

  it.each(["password", "refresh_token", "authorization_code", "urn:ietf:params:oauth:grant-type:jwt-bearer"])(
    "does not speak for Entra about the grant type %s",
    async (grant_type) => {
      expect(await signIn({ grant_type })).toMatchObject({ status: 501, body: { error: "not_modelled" } });
    },
  );

  it("does not speak for Entra about the assertion of an application that trusts another issuer", async () => {
    const { applications } = world.directory.state;
    const found = applications.list().find(({ appId }) => appId === client.clientId);
    if (!found) throw new Error("No such application");
    const trusted = { id: "1", name: "x", issuer: "https://a", subject: "s", description: null, audiences: ["a"] };
    applications.put(found.id, { ...found, federatedIdentityCredentials: [trusted] });
    const answer = await signIn({ client_secret: undefined, client_assertion: "a.b.c" });
    expect(answer).toMatchObject({ status: 501, body: { error: "not_modelled" } });
  });

  it("refuses an unknown tenant", async () => {
    const { status, body } = await post(form(), { tenant: "elsewhere" });
    expect([status, body.error_codes]).toEqual([400, [90002]]);
  });

  it("refuses a secret from the moment of its end", async () => {
    const short = world.directory.addPasswordByHand(client.clientId, {
      displayName: "short",
      endDateTime: "2026-03-02T09:00:00Z",
    });
    await world.clock.advance(DAY - SECOND);
    expect((await signIn({ client_secret: short.value })).status).toBe(200);
    await world.clock.advance(SECOND);
    const { status, body } = await signIn({ client_secret: short.value });
    expect([status, body.error_codes]).toEqual([401, [7000222]]);
  });

  it("does not know a new secret until it has spread, and a removed one not for an instant longer", async () => {
    world.directory.replication.secrets = 10 * SECOND;
    const young = world.directory.addPasswordByHand(client.clientId, { displayName: "young" });
    await world.clock.advance(10 * SECOND - 1);
    expect((await signIn({ client_secret: young.value })).body.error_codes).toEqual([7000215]);
    await world.clock.advance(1);
    expect((await signIn({ client_secret: young.value })).status).toBe(200);
    world.directory.removePasswordByHand(young.keyId);
    expect((await signIn({ client_secret: young.value })).body.error_codes).toEqual([7000215]);
  });

  it("refuses a client without a service principal", async () => {
    const { servicePrincipals } = world.directory.state;
    servicePrincipals.remove(client.objectId);
    const { status, body } = await signIn();
    expect([status, body.error_codes]).toEqual([401, [7000229]]);
  });

  it("refuses a disabled client", async () => {
    const { servicePrincipals } = world.directory.state;
    const [principal] = servicePrincipals.list().filter(({ id }) => id === client.objectId);
    if (principal) servicePrincipals.put(principal.id, { ...principal, accountEnabled: false });
    expect((await signIn()).body.error_codes).toEqual([7000112]);
  });

  it("refuses a client without a role where the resource requires one", async () => {
    const { servicePrincipals } = world.directory.state;
    const [principal] = servicePrincipals.list().filter(({ id }) => id === api.objectId);
    if (principal) servicePrincipals.put(principal.id, { ...principal, appRoleAssignmentRequired: true });
    const refused = await signIn();
    expect([refused.status, refused.body.error, refused.body.error_codes]).toEqual([400, "invalid_grant", [501051]]);
    world.directory.assignRole({ principalObjectId: client.objectId, apiClientId: api.clientId, role: "Other.Role" });
    expect(claimsOf(await signIn()).roles).toEqual(["Other.Role"]);
  });

  it("adds idtyp only where the resource asks for it", async () => {
    expect(claimsOf(await signIn())).not.toHaveProperty("idtyp");
    const { applications } = world.directory.state;
    const [application] = applications.list().filter(({ appId }) => appId === api.clientId);
    const idtyp = { name: "idtyp", source: null, essential: false, additionalProperties: [] };
    if (application) {
      const optionalClaims = { accessToken: [idtyp], idToken: [], saml2Token: [] };
      applications.put(application.id, { ...application, optionalClaims });
    }
    expect(claimsOf(await signIn()).idtyp).toBe("app");
  });

  it("forgets a deleted application and knows a restored one, which has lost its service principal", async () => {
    world.directory.deleteApplication(client.clientId);
    expect((await signIn()).body.error_codes).toEqual([700016]);
    world.directory.restoreApplication(client.clientId);
    expect((await signIn()).body.error_codes).toEqual([7000229]);
  });

  it("signs in the real ClientSecretCredential", async () => {
    const credential = new ClientSecretCredential(world.directory.tenantId, client.clientId, secret.value, {
      authorityHost: world.authority,
      disableInstanceDiscovery: true,
    });
    const { token } = await credential.getToken(`api://${api.clientId}/.default`);
    expect(decodeJwt(token).oid).toBe(client.objectId);
  });
});

describe("the metadata", () => {
  it.each(["/v2.0", ""])("of %s tokens names their issuer, the keys and the token endpoint", async (version) => {
    const base = `${world.authority}/${world.directory.tenantId}`;
    const answer = await fetch(`${base}${version}/.well-known/openid-configuration`);
    const configuration = (await answer.json()) as Record<string, string>;
    const scope = version === "" ? `${world.graphUrl}/.default` : `api://${api.clientId}/.default`;
    expect(configuration.issuer).toBe(claimsOf(await signIn({ scope })).iss);
    expect((await fetch(configuration.jwks_uri ?? "")).status).toBe(200);
    expect(configuration.token_endpoint).toMatch(new RegExp(`^${base}/oauth2`));
  });

  it("refuses an unknown tenant, but gives the keys without one", async () => {
    expect((await fetch(`${world.authority}/nobody/v2.0/.well-known/openid-configuration`)).status).toBe(400);
    expect((await fetch(`${world.authority}/nobody/discovery/v2.0/keys`)).status).toBe(400);
    expect((await fetch(`${world.authority}/common/discovery/keys`)).status).toBe(200);
  });
});

describe("the managed identity endpoint", () => {
  const ask = async (query: Record<string, string>, header = world.entra.identityHeader) => {
    const url = `${world.identityUrl}/msi/token?${new URLSearchParams({ "api-version": "2019-08-01", ...query })}`;
    const answer = await fetch(url, { headers: { "X-IDENTITY-HEADER": header } });
    return { status: answer.status, body: (await answer.json()) as Record<string, string> };
  };

  it("serves the real ManagedIdentityCredential", async () => {
    const identity = withGraphRole(["Application.ReadWrite.OwnedBy"]);
    vi.stubEnv("IDENTITY_ENDPOINT", `${world.identityUrl}/msi/token`);
    vi.stubEnv("IDENTITY_HEADER", world.entra.identityHeader);
    const credential = new ManagedIdentityCredential({ clientId: identity.clientId });
    const { token, expiresOnTimestamp } = await credential.getToken(`${world.graphUrl}/.default`);
    expect(expiresOnTimestamp).toBe(START.getTime() + DAY);
    expect(decodeJwt(token)).toMatchObject({
      aud: world.graphUrl,
      appid: identity.clientId,
      appidacr: "2",
      oid: identity.objectId,
      sub: identity.objectId,
      roles: ["Application.ReadWrite.OwnedBy"],
    });
  });

  it("answers in the form of version 2019-08-01", async () => {
    const identity = withGraphRole([]);
    const { body } = await ask({ resource: `api://${api.clientId}`, client_id: identity.clientId });
    expect(body).toEqual({
      access_token: expect.any(String),
      expires_on: String((START.getTime() + DAY) / SECOND),
      resource: `api://${api.clientId}`,
      token_type: "Bearer",
      client_id: identity.clientId,
    });
    expect(decodeJwt(body.access_token ?? "").iss).toBe(`${world.authority}/${world.directory.tenantId}/v2.0`);
  });

  it("refuses what it does not know", async () => {
    const { clientId } = withGraphRole([]);
    const resource = world.graphUrl;
    expect((await ask({ resource, client_id: clientId }, "guessed")).status).toBe(401);
    expect((await ask({ resource, client_id: client.clientId })).status).toBe(400);
    expect((await ask({ resource })).status).toBe(400);
    expect((await ask({ client_id: clientId })).status).toBe(400);
    expect((await ask({ resource, client_id: clientId, "api-version": "2017-09-01" })).status).toBe(400);
    const unknown = await ask({ resource: "api://nobody", client_id: clientId });
    expect([unknown.status, unknown.body.message]).toEqual([400, expect.stringMatching(/^AADSTS500011: /)]);
  });

  it("shows a permission that was revoked no more, and one that was granted", async () => {
    const identity = withGraphRole(["Policy.Read.All"]);
    world.directory.revokeGraphPermission(identity.objectId, "Policy.Read.All");
    world.directory.grantGraphPermission(identity.objectId, "Directory.Read.All");
    const { body } = await ask({ resource: world.graphUrl, client_id: identity.clientId });
    expect(decodeJwt(body.access_token ?? "").roles).toEqual(["Directory.Read.All"]);
  });
});

describe("Entra as a test wants it", () => {
  it("refuses sign-ins for reasons that lie outside the tenant", async () => {
    for (const [code, error] of [
      [53003, "invalid_grant"],
      [530003, "invalid_grant"],
      [900382, "invalid_request"],
    ] as const) {
      const end = world.entra.refuseSignIns(code);
      expect((await signIn()).body).toMatchObject({ error, error_codes: [code] });
      end();
    }
    world.entra.refuseSignIns(53003, api.clientId);
    expect((await signIn()).status).toBe(200);
  });

  it("has enough of requests, and says for how long", async () => {
    world.entra.throttle(2, 17);
    const url = `${world.authority}/${world.directory.tenantId}/oauth2/v2.0/token`;
    const answer = await fetch(url, { method: "POST", body: new URLSearchParams(form()) });
    expect([answer.status, answer.headers.get("retry-after")]).toEqual([429, "17"]);
    expect(await answer.json()).toMatchObject({ error_codes: [90055] });
    expect((await fetch(`${world.identityUrl}/msi/token`)).status).toBe(429);
    expect((await signIn()).status).toBe(200);
  });

  it("knows other tenants, in which nobody of this one is at home", async () => {
    const other = "11111111-2222-4333-8444-555555555555";
    expect((await post(form(), { tenant: other })).body.error_codes).toEqual([90002]);
    world.directory.rules.otherTenants.push(other);
    expect((await post(form(), { tenant: other })).body.error_codes).toEqual([700016]);
    const answer = await fetch(`${world.authority}/${other}/v2.0/.well-known/openid-configuration`);
    expect(await answer.json()).toMatchObject({ issuer: `${world.authority}/${other}/v2.0` });
  });

  it("can name itself by another host than the one it is asked by, as in China", async () => {
    world.directory.rules.sisterHost = "login.partner.localhost";
    const sister = world.authority.replace("login.", "login.partner.");
    const { tenantId } = world.directory;
    const metadata = await fetch(`${world.authority}/${tenantId}/v2.0/.well-known/openid-configuration`);
    const named = (await metadata.json()) as { issuer: string; jwks_uri: string };
    expect(named.issuer).toBe(`${sister}/${tenantId}/v2.0`);
    const { body } = await signIn();
    const keys = createRemoteJWKSet(new URL(named.jwks_uri));
    const { payload } = await jwtVerify(body.access_token, keys, { issuer: named.issuer, currentDate: START });
    expect(payload.aud).toBe(api.clientId);
  });

  it("does not speak for the real one where it knows nothing", async () => {
    const answer = await fetch(`${world.authority}/common/oauth2/v2.0/devicecode`, { method: "POST" });
    expect([answer.status, ((await answer.json()) as TokenAnswer).error_description]).toEqual([
      501,
      "The local stand-in does not model POST /{tenant}/oauth2/v2.0/devicecode.",
    ]);
  });

  it("hands out what the platform kept, until a client says that it was refused", async () => {
    world.entra.platformKeepsTokens = true;
    const { clientId, objectId } = withGraphRole(["Application.Read.All"]);
    const ask = async (more: Record<string, string> = {}) => {
      const query = { "api-version": "2019-08-01", resource: world.graphUrl, client_id: clientId, ...more };
      const headers = { "x-identity-header": world.entra.identityHeader };
      const answer = await fetch(`${world.identityUrl}/msi/token?${new URLSearchParams(query)}`, { headers });
      return ((await answer.json()) as TokenAnswer).access_token;
    };
    const first = await ask();
    world.directory.grantGraphPermission(objectId, "Policy.Read.All");
    await world.clock.advance(HOUR);
    expect(await ask()).toBe(first);
    const hash = createHash("sha256").update(first).digest("hex");
    const renewed = await ask({ token_sha256_to_refresh: hash, xms_cc: "cp1" });
    expect(decodeJwt(renewed).roles).toEqual(["Application.Read.All", "Policy.Read.All"]);
    expect(await ask()).toBe(renewed);
    await world.clock.advance(DAY);
    expect(await ask()).not.toBe(renewed);
  });
});

describe("issueToken", () => {
  it("signs any claims, by default for an hour under the v2 issuer", async () => {
    const token = await world.entra.issueToken({ aud: "anybody", roles: ["Automation.Run"] });
    await expect(world.directory.keys.verify(token, START)).resolves.toMatchObject({
      aud: "anybody",
      iss: `${world.authority}/${world.directory.tenantId}/v2.0`,
      roles: ["Automation.Run"],
      exp: (START.getTime() + HOUR) / SECOND,
    });
    await expect(world.directory.keys.verify(token, new Date(START.getTime() + HOUR + MINUTE))).rejects.toThrow();
  });

  it("leaves out what is given as undefined", async () => {
    expect(decodeJwt(await world.entra.issueToken({ tid: undefined }))).not.toHaveProperty("tid");
  });

  it("has a counterpart whose signature does not hold", async () => {
    const forged = await world.entra.forgeToken({ aud: "anybody" });
    await expect(world.directory.keys.verify(forged, START)).rejects.toThrow("signature verification failed");
  });
});
