import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  APP,
  badRequest,
  denied,
  failure,
  GRAPH_APP_ID,
  type GraphWorld,
  notFound,
  role,
  SOME_ID,
  scope,
  startGraph,
} from "./graph-world.ts";
import { DAY } from "./identity-world.ts";

let world: GraphWorld["world"];
let app: GraphWorld["app"];
let admin: GraphWorld["admin"];
let create: GraphWorld["create"];

beforeEach(async () => {
  ({ world, app, admin, create } = await startGraph());
});
afterEach(() => world.close());

describe("upserting an application", () => {
  it("creates it once with 201 and its body, then changes it with 204", async () => {
    const prefer = { Prefer: "create-if-missing" };
    const first = await app.raw("PATCH", APP, { headers: prefer, body: { displayName: "OpenMetadata" } });
    const second = await app.raw("PATCH", APP, { headers: prefer, body: { displayName: "OpenMetadata 2" } });
    expect([first.status, second.status, second.body]).toEqual([201, 204, undefined]);
    const read = await app.get(APP);
    expect(read).toEqual({ ...first.body, displayName: "OpenMetadata 2" });
    expect(read).toMatchObject({
      uniqueName: "om-app",
      createdByAppId: app.clientId,
      createdDateTime: "2026-03-01T09:00:00Z",
      signInAudience: "AzureADandPersonalMicrosoftAccount",
      passwordCredentials: [],
    });
    expect(world.directory.applications()).toHaveLength(1);
    expect(world.directory.applications()[0]?.owners).toEqual([app.objectId]);
  });

  it("needs the preference and a display name", async () => {
    expect(await failure(app.patch(APP, { displayName: "x" }))).toEqual(notFound("om-app"));
    expect(await failure(app.upsert(APP, {}))).toEqual(
      badRequest("A value is required for property 'displayName' of resource 'Application'."),
    );
  });

  it("does not touch what somebody else owns", async () => {
    await admin.upsert(APP, { displayName: "theirs" });
    expect(await failure(create())).toEqual(denied);
  });

  it("adds the owners that are named, who must exist", async () => {
    const bind = (id: string) => ({ "owners@odata.bind": [`${world.graphUrl}/v1.0/directoryObjects/${id}`] });
    expect(await failure(create(bind(SOME_ID)))).toEqual(notFound(SOME_ID));
    await create(bind(admin.objectId));
    expect(world.directory.applications()[0]?.owners).toEqual([app.objectId, admin.objectId]);
  });

  it("is addressed by id and by application id too, and unquotes its name", async () => {
    const { id, appId } = await app.upsert("/applications(uniqueName='it''s')", { displayName: "quoted" });
    expect((await app.get(`/applications/${id}`)).uniqueName).toBe("it's");
    expect((await app.get(`/applications(appId='${appId}')`)).id).toBe(id);
  });

  it("shows the selected properties only, and no others than it has", async () => {
    await create();
    expect(await app.get(`${APP}?$select=displayName,uniqueName`)).toEqual({
      "@odata.context": `${world.graphUrl}/v1.0/$metadata#applications(displayName,uniqueName)/$entity`,
      displayName: "OpenMetadata",
      uniqueName: "om-app",
    });
    expect(await failure(app.get(`${APP}?$select=id,nickname`))).toMatchObject({ statusCode: 400, code: "BadRequest" });
  });
});

describe("changing an application", () => {
  it("merges api, web and spa property by property, and replaces lists whole", async () => {
    await create({
      web: { redirectUris: ["https://a.example/callback"], implicitGrantSettings: { enableIdTokenIssuance: true } },
      api: { requestedAccessTokenVersion: 2, oauth2PermissionScopes: [scope("access")] },
    });
    await app.patch(APP, { web: { redirectUris: ["https://b.example/callback"] }, api: { acceptMappedClaims: true } });
    const { web, api } = await app.get(APP);
    expect(web.redirectUris).toEqual(["https://b.example/callback"]);
    expect(web.implicitGrantSettings).toEqual({ enableIdTokenIssuance: true, enableAccessTokenIssuance: false });
    expect(api).toMatchObject({ requestedAccessTokenVersion: 2, acceptMappedClaims: true });
    expect(api.oauth2PermissionScopes).toHaveLength(1);
  });

  it.each([
    ["an unknown property", { nickname: "x" }, "Invalid property 'nickname'."],
    ["an unknown property inside", { api: { nickname: "x" } }, "Invalid property 'nickname'."],
    ["a read-only property", { appId: SOME_ID }, "Property 'appId' is read-only and cannot be set."],
    ["a unique name", { uniqueName: "x" }, "Property 'uniqueName' is read-only and cannot be set."],
    ["passwords", { passwordCredentials: [{ displayName: "x" }] }, /'passwordCredentials'/],
    ["a wrong audience", { signInAudience: "Everybody" }, /property 'signInAudience'/],
    ["a wrong token version", { api: { requestedAccessTokenVersion: 3 } }, /'api.requestedAccessTokenVersion'/],
    ["a role without description", { appRoles: [{ ...role("Run"), description: undefined }] }, /value is required/],
    ["a role with a space", { appRoles: [role("In gestion")] }, /property 'appRoles.value'/],
    ["a scope with a leading dot", { api: { oauth2PermissionScopes: [scope(".a")] } }, /Scopes.value'/],
    ["a scope that is too long", { api: { oauth2PermissionScopes: [scope("a".repeat(121))] } }, /Scopes.value'/],
    ["two roles with a value", { appRoles: [role("Run"), role("Run")] }, /duplicate values/],
    [
      "a role and a scope with an id",
      { appRoles: [role("Run", SOME_ID)], api: { oauth2PermissionScopes: [scope("a", SOME_ID)] } },
      /duplicate values/,
    ],
    ["an unencrypted redirect URI", { spa: { redirectUris: ["http://a.example/"] } }, /'spa.redirectUris'/],
    ["a redirect URI with a fragment", { web: { redirectUris: ["https://a.example/#x"] } }, /'web.redirectUris'/],
    [
      "a redirect URI on two platforms",
      { web: { redirectUris: ["https://a.example/"] }, spa: { redirectUris: ["https://a.example/"] } },
      /once only/,
    ],
    ["an identifier URI with a slash at its end", { identifierUris: ["api://a/"] }, /'identifierUris'/],
    [
      "an identifier URI without the tenant",
      { identifierUris: ["api://om"] },
      /^Failed to add identifier URI api:\/\/om/,
    ],
    [
      "a resource named twice",
      { requiredResourceAccess: [1, 2].map(() => ({ resourceAppId: GRAPH_APP_ID, resourceAccess: [] })) },
      /requiredResourceAccess/,
    ],
  ])("refuses %s", async (_what, change, message) => {
    await create({ signInAudience: "AzureADMyOrg" });
    expect(await failure(app.patch(APP, change))).toEqual(badRequest(expect.stringMatching(message)));
  });

  it("pre-authorizes clients for scopes that were there before the request, and for no others", async () => {
    const preAuthorizedApplications = [{ appId: SOME_ID, delegatedPermissionIds: [SOME_ID] }];
    const scopes = { oauth2PermissionScopes: [scope("access", SOME_ID)] };
    expect(await failure(create({ api: { ...scopes, preAuthorizedApplications } }))).toMatchObject({ statusCode: 501 });
    await create({ signInAudience: "AzureADMyOrg" });
    for (const api of [{ preAuthorizedApplications }, { ...scopes, preAuthorizedApplications }]) {
      expect(await failure(app.patch(APP, { api }))).toMatchObject({
        statusCode: 400,
        code: "InvalidValue",
        message: expect.stringContaining("cannot be found in the AppPermissions sets"),
      });
    }
    await app.patch(APP, { api: scopes });
    await app.patch(APP, { api: { preAuthorizedApplications } });
    expect((await app.get(APP)).api).toMatchObject({ ...scopes, preAuthorizedApplications });
  });

  it("says of what it does not model that it is not Graph who refuses", async () => {
    await create();
    expect(await failure(app.patch(APP, { keyCredentials: [{ type: "X509" }] }))).toMatchObject({
      statusCode: 501,
      code: "NotModelled",
    });
  });

  it("takes what Entra takes", async () => {
    const { appId } = await create({ signInAudience: "AzureADMyOrg" });
    await app.patch(APP, {
      identifierUris: [
        `api://${appId}`,
        `api://${world.directory.tenantId}/om`,
        `https://om.${world.directory.verifiedDomain}`,
      ],
      web: { redirectUris: ["https://a.example/callback"] },
      spa: { redirectUris: ["http://localhost:3000"] },
      requiredResourceAccess: [{ resourceAppId: GRAPH_APP_ID, resourceAccess: [{ id: SOME_ID, type: "Scope" }] }],
      optionalClaims: { accessToken: [{ name: "idtyp", essential: false, additionalProperties: [] }] },
      appRoles: [role("Ingestion.Run")],
    });
    const { appRoles, optionalClaims, identifierUris } = await app.get(APP);
    expect(appRoles[0].origin).toBe("Application");
    expect(optionalClaims.accessToken[0].name).toBe("idtyp");
    expect(identifierUris).toHaveLength(3);
  });

  it("refuses an identifier URI of a host that is not the tenant's, or that is taken", async () => {
    await create({ api: { requestedAccessTokenVersion: 2 } });
    expect(await failure(app.patch(APP, { identifierUris: ["https://a.example"] }))).toMatchObject({
      code: "HostNameNotOnVerifiedDomain",
    });
    await app.patch(APP, { identifierUris: ["api://free-with-v2-tokens"] });
    await app.upsert("/applications(uniqueName='other')", { displayName: "Other" });
    const taken = { identifierUris: ["api://free-with-v2-tokens"] };
    expect(await failure(app.patch("/applications(uniqueName='other')", taken))).toEqual(
      badRequest("Another object with the same value for property identifierUris already exists."),
    );
  });

  it("restricts identifier URIs as the tenant's policy says", async () => {
    const { appId } = await create({ signInAudience: "AzureADMyOrg" });
    const { identifierUris } = world.directory.policies.tenant.applicationRestrictions;
    identifierUris.nonDefaultUriAddition.state = "enabled";
    const { tenantId } = world.directory;
    expect(await failure(app.patch(APP, { identifierUris: [`api://${tenantId}/om`] }))).toMatchObject({
      statusCode: 400,
    });
    await app.patch(APP, { identifierUris: [`api://${tenantId}/${appId}`, `api://${appId}`] });
    identifierUris.nonDefaultUriAddition.state = "disabled";
    identifierUris.uriAdditionWithoutUniqueTenantIdentifier.state = "disabled";
    await app.patch(APP, { identifierUris: ["api://om"] });
  });

  it("disables a scope or role before it may go or change its value", async () => {
    const run = role("Run");
    const access = scope("access");
    await create({ appRoles: [run], api: { oauth2PermissionScopes: [access] } });
    const refused = { statusCode: 400, code: "CannotDeleteOrUpdateEnabledEntitlement" };
    expect(await failure(app.patch(APP, { appRoles: [] }))).toMatchObject(refused);
    expect(await failure(app.patch(APP, { appRoles: [{ ...run, value: "Go" }] }))).toMatchObject(refused);
    expect(await failure(app.patch(APP, { appRoles: [{ ...run, value: "Go", isEnabled: false }] }))).toMatchObject(
      refused,
    );
    expect(await failure(app.patch(APP, { api: { oauth2PermissionScopes: [] } }))).toMatchObject(refused);
    await app.patch(APP, { appRoles: [{ ...run, description: "Another", isEnabled: false }] });
    await app.patch(APP, { appRoles: [] });
    await app.patch(APP, { api: { oauth2PermissionScopes: [{ ...access, isEnabled: false }] } });
    await app.patch(APP, { api: { oauth2PermissionScopes: [scope("other")] } });
  });
});

describe("deleting an application", () => {
  it("keeps its unique name taken, with a 400, until it is restored or gone", async () => {
    const { id } = await create();
    await app.delete(`/applications/${id}`);
    expect(await failure(app.get(APP))).toEqual(notFound("om-app"));
    expect(await failure(create())).toEqual(
      badRequest("Another object with the same value for property uniqueName already exists."),
    );
    await world.clock.advance(30 * DAY - 1);
    expect(await failure(create())).toMatchObject({ statusCode: 400 });
    await world.clock.advance(1);
    expect((await create()).id).not.toBe(id);
  });

  it("lists what is deleted and restores it with its id and passwords, without its service principal", async () => {
    const { id, appId } = await create();
    await app.upsert(`/servicePrincipals(appId='${appId}')`, {});
    const { keyId } = await app.post(`/applications/${id}/addPassword`);
    world.directory.deleteApplication("om-app");
    const list = "/directory/deletedItems/microsoft.graph.application";
    const filtered = await admin.get(
      `${list}?$filter=displayName eq 'OpenMetadata'&$select=id,uniqueName,deletedDateTime`,
    );
    expect(filtered.value).toEqual([{ id, uniqueName: "om-app", deletedDateTime: "2026-03-01T09:00:00Z" }]);
    expect((await admin.get(`${list}?$filter=displayName eq 'Other'`)).value).toEqual([]);
    expect(await failure(admin.get(`${list}?$filter=uniqueName eq 'om-app'`))).toMatchObject({
      code: "NotModelled",
    });
    expect(await failure(app.get(list))).toEqual(denied);
    const restored = await app.post(`/directory/deletedItems/${id}/restore`);
    expect(restored).toMatchObject({ "@odata.type": "#microsoft.graph.application", id, deletedDateTime: null });
    expect((await app.get(APP)).passwordCredentials[0].keyId).toBe(keyId);
    expect(await failure(app.get(`/servicePrincipals(appId='${appId}')`))).toEqual(notFound(appId));
    expect(await failure(app.post(`/directory/deletedItems/${id}/restore`))).toEqual(notFound(id));
  });

  it("lets OwnedBy restore its own only", async () => {
    const { id } = await admin.upsert(APP, { displayName: "theirs" });
    await admin.delete(APP);
    expect(await failure(app.post(`/directory/deletedItems/${id}/restore`))).toEqual(denied);
    await admin.post(`/directory/deletedItems/${id}/restore`);
  });

  it("takes consent with it", async () => {
    const api = world.directory.createApi({ displayName: "api", appRoles: ["Run"] });
    world.directory.assignRole({ principalObjectId: app.objectId, apiClientId: api.clientId, role: "Run" });
    const assigned = () => world.directory.assignments().filter(({ resourceId }) => resourceId === api.objectId);
    expect(assigned()).toHaveLength(1);
    await admin.delete(`/applications(appId='${api.clientId}')`);
    expect(assigned()).toEqual([]);
  });
});
