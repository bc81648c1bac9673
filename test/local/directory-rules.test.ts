import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { APP, createCaller, failure, type GraphWorld, OWNED_BY, startGraph } from "./graph-world.ts";
import { SECOND } from "./identity-world.ts";

let world: GraphWorld["world"];
let app: GraphWorld["app"];
let create: GraphWorld["create"];

beforeEach(async () => {
  ({ world, app, create } = await startGraph());
});
afterEach(() => world.close());

describe("a tenant that demands a service management reference", () => {
  it("refuses applications without one, and changes of those that have none", async () => {
    const { id } = await create();
    world.directory.rules.demandsServiceManagementReference = true;
    const missing = { statusCode: 400, code: "ServiceTreeValueMissing" };
    expect(await failure(app.post("/applications", { displayName: "x" }))).toMatchObject(missing);
    expect(await failure(app.patch(`/applications/${id}`, { notes: "x" }))).toMatchObject(missing);
    await app.patch(`/applications/${id}`, { serviceManagementReference: "96524024" });
    await app.patch(`/applications/${id}`, { notes: "x" });
    await app.post("/applications", { displayName: "x", serviceManagementReference: "96524024" });
  });
});

describe("limits", () => {
  it("let nobody own more objects than the tenant allows", async () => {
    world.directory.rules.objectsPerPrincipal = 2;
    const { appId } = await create();
    await app.post("/servicePrincipals", { appId });
    expect(await failure(app.post("/applications", { displayName: "third" }))).toMatchObject({
      statusCode: 403,
      code: "Directory_QuotaExceeded",
    });
  });

  it("let no object hold more secrets than go into it", async () => {
    world.directory.rules.secretsPerObject = 1;
    const { id } = await create();
    const { keyId } = await app.post(`/applications/${id}/addPassword`);
    expect(await failure(app.post(`/applications/${id}/addPassword`))).toMatchObject({
      statusCode: 400,
      code: "Directory_ResourceSizeExceeded",
    });
    await app.post(`/applications/${id}/removePassword`, { keyId });
    await app.post(`/applications/${id}/addPassword`);
  });
});

describe("a policy that exempts actors", () => {
  it("lets those with the attribute do what it forbids others", async () => {
    const { id } = await create();
    world.directory.policies.tenant.applicationRestrictions.passwordCredentials = [
      {
        restrictionType: "passwordAddition",
        state: "enabled",
        maxLifetime: null,
        restrictForAppsCreatedAfterDateTime: null,
        excludeActors: {
          customSecurityAttributes: [
            {
              "@odata.type": "#microsoft.graph.customSecurityAttributeStringValueExemption",
              id: "Policies_Exempt",
              operator: "equals",
              value: "Secrets",
            },
          ],
        },
      },
    ];
    const add = () => app.post(`/applications/${id}/addPassword`);
    expect(await failure(add())).toMatchObject({ code: "CredentialTypeNotAllowedAsPerAppPolicy" });
    world.directory.setSecurityAttribute(app.objectId, "Policies_Exempt", "Keys");
    expect(await failure(add())).toMatchObject({ statusCode: 400 });
    world.directory.setSecurityAttribute(app.objectId, "Policies_Exempt", "Secrets");
    expect(await add()).toHaveProperty("secretText");
    const reader = await createCaller(world, ["Policy.Read.All"]);
    const { applicationRestrictions } = await reader.get("/policies/defaultAppManagementPolicy");
    expect(applicationRestrictions.passwordCredentials[0].excludeActors.customSecurityAttributes).toHaveLength(1);
    expect((await reader.get("/policies/appManagementPolicies")).value).toEqual([]);
  });
});

describe("tokens that were revoked", () => {
  it("are refused with a challenge that says how new a token must be", async () => {
    await create();
    await world.clock.advance(SECOND);
    world.directory.revokeTokens(app.objectId);
    const { status, headers, body } = await app.raw("GET", APP);
    expect([status, body.error.code]).toEqual([401, "InvalidAuthenticationToken"]);
    const challenge = headers.get("www-authenticate") ?? "";
    expect(challenge).toContain('error="insufficient_claims"');
    const [, claims = ""] = /claims="([^"]+)"/.exec(challenge) ?? [];
    const now = String(world.clock.now().getTime() / 1000);
    expect(JSON.parse(Buffer.from(claims, "base64").toString())).toEqual({
      access_token: { nbf: { essential: true, value: now } },
    });
    const token = await world.entra.issueToken({
      aud: world.graphUrl,
      oid: app.objectId,
      appid: app.clientId,
      roles: [OWNED_BY],
    });
    expect((await app.raw("GET", APP, { headers: { Authorization: `Bearer ${token}` } })).status).toBe(200);
  });
});
