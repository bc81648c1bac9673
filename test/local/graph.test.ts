import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createCaller, failure, type GraphCaller } from "./graph-callers.ts";
import { DAY, HOUR, type IdentityWorld, MINUTE, SECOND, startIdentity } from "./identity-world.ts";

const OWNED_BY = "Application.ReadWrite.OwnedBy";
const ALL = "Application.ReadWrite.All";
const GRAPH_APP_ID = "00000003-0000-0000-c000-000000000000";
const APP = "/applications(uniqueName='om-app')";
const SOME_ID = "11111111-2222-4333-8444-555555555555";

let world: IdentityWorld;
let app: GraphCaller;
let admin: GraphCaller;

beforeEach(async () => {
  world = await startIdentity();
  app = await createCaller(world, [OWNED_BY]);
  admin = await createCaller(world, [
    ALL,
    "Directory.Read.All",
    "AppRoleAssignment.ReadWrite.All",
    "DelegatedPermissionGrant.ReadWrite.All",
    "Policy.Read.All",
  ]);
});
afterEach(() => world.close());

const created = (body: object = {}) => app.upsert(APP, { displayName: "OpenMetadata", ...body });
const badRequest = (message: unknown) => ({ statusCode: 400, code: "Request_BadRequest", message });
const notFound = (id: string) => ({
  statusCode: 404,
  code: "Request_ResourceNotFound",
  message: `Resource '${id}' does not exist or one of its queried reference-property objects are not present.`,
});
const denied = {
  statusCode: 403,
  code: "Authorization_RequestDenied",
  message: "Insufficient privileges to complete the operation.",
};
const scope = (value: string, id: string = crypto.randomUUID()) => ({
  id,
  value,
  type: "User",
  isEnabled: true,
  adminConsentDisplayName: "Access",
  adminConsentDescription: "Access as the user",
});
const role = (value: string, id: string = crypto.randomUUID()) => ({
  id,
  value,
  displayName: "Run",
  description: "Run ingestion",
  allowedMemberTypes: ["Application"],
  isEnabled: true,
});

describe("who may call", () => {
  it.each([
    ["no token", () => undefined, "Access token is empty."],
    ["no token but a word", () => "word", /not well formed/],
    ["a forged token", () => world.entra.forgeToken({ aud: world.graphUrl, oid: app.objectId }), /Invalid signature/],
    ["an expired token", () => world.entra.issueToken({ aud: world.graphUrl, oid: app.objectId, exp: 1 }), /expired/],
    ["another audience", () => world.entra.issueToken({ aud: "api://other", oid: app.objectId }), /Invalid audience/],
    [
      "another tenant",
      () => world.entra.issueToken({ aud: world.graphUrl, oid: app.objectId, tid: SOME_ID }),
      /claims/,
    ],
  ])("refuses %s", async (_what, make, message) => {
    const token = await make();
    const { status, body } = await app.raw("GET", APP, { headers: { Authorization: token ? `Bearer ${token}` : "" } });
    expect([status, body.error.code]).toEqual([401, "InvalidAuthenticationToken"]);
    expect(body.error.message).toMatch(message);
  });

  it("takes a token that the token endpoint issued", async () => {
    const { clientId } = world.directory.createApi({ displayName: "client", appRoles: [] });
    const { value } = world.directory.addPasswordByHand(clientId, { displayName: "by hand" });
    const answer = await fetch(`${world.authority}/${world.directory.tenantId}/oauth2/v2.0/token`, {
      method: "POST",
      body: new URLSearchParams({
        grant_type: "client_credentials",
        client_id: clientId,
        client_secret: value,
        scope: `${world.graphUrl}/.default`,
      }),
    });
    const { access_token: token } = (await answer.json()) as { access_token: string };
    const { status } = await app.raw("GET", APP, { headers: { Authorization: `Bearer ${token}` } });
    expect(status).toBe(403);
  });

  it("refuses everything to a token without roles", async () => {
    const nobody = await createCaller(world, []);
    expect(await failure(nobody.get(APP))).toEqual(denied);
    expect(await failure(nobody.upsert(APP, { displayName: "x" }))).toEqual(denied);
    expect(await failure(nobody.get("/servicePrincipals"))).toEqual(denied);
    expect(await failure(nobody.get("/oauth2PermissionGrants"))).toEqual(denied);
    expect(await failure(nobody.get("/policies/defaultAppManagementPolicy"))).toEqual(denied);
    expect(await failure(nobody.get("/directory/deletedItems/microsoft.graph.application"))).toEqual(denied);
  });

  it("lets OwnedBy read every application, and write its own only", async () => {
    const { clientId } = world.directory.createApi({ displayName: "foreign", appRoles: [] });
    const foreign = `/applications(appId='${clientId}')`;
    expect((await app.get(foreign)).displayName).toBe("foreign");
    expect(await failure(app.patch(foreign, { displayName: "mine" }))).toEqual(denied);
    expect(await failure(app.post(`${foreign}/addPassword`))).toEqual(denied);
    expect(await failure(app.delete(foreign))).toEqual(denied);
    expect(await failure(app.patch(`/servicePrincipals(appId='${clientId}')`, { tags: [] }))).toEqual(denied);
    world.directory.addOwner(clientId, app.objectId);
    await app.patch(foreign, { displayName: "mine" });
    await app.patch(`/servicePrincipals(appId='${clientId}')`, { tags: ["x"] });
    expect((await app.get(foreign)).displayName).toBe("mine");
  });
});

describe("the error envelope", () => {
  it("names the request in header and body", async () => {
    const { status, headers, body } = await app.raw("GET", APP, { headers: { "client-request-id": "abc" } });
    expect(status).toBe(404);
    expect(body).toEqual({
      error: {
        code: "Request_ResourceNotFound",
        message: notFound("om-app").message,
        innerError: {
          date: "2026-03-01T09:00:00",
          "request-id": headers.get("request-id"),
          "client-request-id": "abc",
        },
      },
    });
  });

  it.each([
    ["GET", "/applications/not-a-guid", 400, "Invalid object identifier 'not-a-guid'."],
    ["GET", "/applications(appId='not-a-guid')", 400, "Invalid object identifier 'not-a-guid'."],
    ["GET", `/applications/${SOME_ID}`, 404, notFound(SOME_ID).message],
    ["GET", `/applications(displayName='x')`, 400, "The key 'displayName' is not supported for this request."],
    ["GET", "/applications/%3CuniqueName%3Ex", 400, /Resource not found for the segment/],
    ["GET", "/things", 400, "Resource not found for the segment 'things'."],
    ["PUT", `/applications/${SOME_ID}`, 400, /Resource not found for the segment/],
    ["GET", "/servicePrincipals?$filter=displayName eq 'x'", 400, /filter clause specified for property 'displayName'/],
    ["GET", "/servicePrincipals?$filter=appId ne 'x'", 400, /Invalid filter clause/],
    ["GET", "/servicePrincipals?$filter=appId eq 'x", 400, /Invalid filter clause/],
    ["GET", "/servicePrincipals?$filter=appId eq 'x' or appId eq 'y'", 400, /Invalid filter clause/],
    ["GET", "/servicePrincipals?$search=x", 400, "The query option '$search' is not supported for this request."],
    ["GET", "/servicePrincipals?$expand=owners", 400, /Could not find a property named 'owners'/],
    ["GET", "/servicePrincipals?$top=1000", 400, /Invalid page size/],
  ])("answers %s %s with %i", async (method, path, status, message) => {
    const answer = await app.raw(method, path);
    expect(answer.status).toBe(status);
    expect(answer.body.error.message).toMatch(message);
  });

  it.each([
    ["no JSON", { body: "{" }, 400],
    ["a list", { body: "[]" }, 400],
    ["another content type", { body: "{}", headers: { "Content-Type": "text/plain" } }, 415],
  ])("refuses a body that is %s", async (_what, options, status) => {
    expect((await app.raw("PATCH", APP, options)).status).toBe(status);
  });
});

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
    expect(await failure(created())).toEqual(denied);
  });

  it("adds the owners that are named, who must exist", async () => {
    const bind = (id: string) => ({ "owners@odata.bind": [`${world.graphUrl}/v1.0/directoryObjects/${id}`] });
    expect(await failure(created(bind(SOME_ID)))).toEqual(notFound(SOME_ID));
    await created(bind(admin.objectId));
    expect(world.directory.applications()[0]?.owners).toEqual([app.objectId, admin.objectId]);
  });

  it("is addressed by id and by application id too, and unquotes its name", async () => {
    const { id, appId } = await app.upsert("/applications(uniqueName='it''s')", { displayName: "quoted" });
    expect((await app.get(`/applications/${id}`)).uniqueName).toBe("it's");
    expect((await app.get(`/applications(appId='${appId}')`)).id).toBe(id);
  });

  it("shows the selected properties only, and no others than it has", async () => {
    await created();
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
    await created({
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
    ["passwords", { passwordCredentials: [] }, /read-only/],
    ["a wrong audience", { signInAudience: "Everybody" }, /property 'signInAudience'/],
    ["a wrong token version", { api: { requestedAccessTokenVersion: 3 } }, /'api.requestedAccessTokenVersion'/],
    ["the origin of a role", { appRoles: [{ ...role("Run"), origin: "Application" }] }, "Invalid property 'origin'."],
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
      "a pre-authorization for an unknown scope",
      { api: { preAuthorizedApplications: [{ appId: SOME_ID, delegatedPermissionIds: [SOME_ID] }] } },
      /preAuthorizedApplications/,
    ],
    [
      "a resource named twice",
      { requiredResourceAccess: [1, 2].map(() => ({ resourceAppId: GRAPH_APP_ID, resourceAccess: [] })) },
      /requiredResourceAccess/,
    ],
  ])("refuses %s", async (_what, change, message) => {
    await created({ signInAudience: "AzureADMyOrg" });
    expect(await failure(app.patch(APP, change))).toEqual(badRequest(expect.stringMatching(message)));
  });

  it("says of what it does not model that it is not Graph who refuses", async () => {
    await created();
    expect(await failure(app.patch(APP, { keyCredentials: [] }))).toMatchObject({ statusCode: 501 });
  });

  it("takes what Entra takes", async () => {
    const { appId } = await created({ signInAudience: "AzureADMyOrg" });
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
    const { appId } = await created({ api: { requestedAccessTokenVersion: 2 } });
    expect(await failure(app.patch(APP, { identifierUris: ["https://a.example"] }))).toMatchObject({
      code: "HostNameNotOnVerifiedDomain",
    });
    await app.patch(APP, { identifierUris: ["api://free-with-v2-tokens"] });
    await app.upsert("/applications(uniqueName='other')", { displayName: "Other" });
    const taken = { identifierUris: ["api://free-with-v2-tokens"] };
    expect(await failure(app.patch("/applications(uniqueName='other')", taken))).toEqual(
      badRequest("Another object with the same value for property identifierUris already exists."),
    );
    expect(appId).not.toBe("");
  });

  it("restricts identifier URIs as the tenant's policy says", async () => {
    const { appId } = await created({ signInAudience: "AzureADMyOrg" });
    const { identifierUris } = world.directory.policies.tenant.applicationRestrictions;
    identifierUris.nonDefaultUriAddition.state = "enabled";
    const { tenantId } = world.directory;
    expect(await failure(app.patch(APP, { identifierUris: [`api://${tenantId}/om`] }))).toMatchObject({
      statusCode: 400,
    });
    await app.patch(APP, { identifierUris: [`api://${tenantId}/${appId}`] });
    identifierUris.nonDefaultUriAddition.state = "disabled";
    identifierUris.uriAdditionWithoutUniqueTenantIdentifier.state = "disabled";
    await app.patch(APP, { identifierUris: ["api://om"] });
  });

  it("disables a scope or role before it may go or change its value", async () => {
    const run = role("Run");
    const access = scope("access");
    await created({ appRoles: [run], api: { oauth2PermissionScopes: [access] } });
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

describe("passwords", () => {
  it("are shown with their value once", async () => {
    const { id } = await created();
    const added = await app.post(`/applications/${id}/addPassword`, { passwordCredential: { displayName: "om r1" } });
    expect(added).toMatchObject({
      displayName: "om r1",
      startDateTime: "2026-03-01T09:00:00Z",
      endDateTime: "2028-03-01T09:00:00Z",
    });
    expect(added.secretText).toMatch(/^\w{3}8Q~[\w.~-]{34}$/);
    expect(added.hint).toBe(added.secretText.slice(0, 3));
    const { passwordCredentials } = await app.get(`/applications/${id}?$select=passwordCredentials`);
    const { "@odata.context": _context, ...shown } = added;
    expect(passwordCredentials).toEqual([{ ...shown, secretText: null }]);
    expect(world.directory.applications()[0]?.secrets[0]?.value).toBe(added.secretText);
  });

  it("are added and removed by application id, but not by unique name", async () => {
    const { appId } = await created();
    const { keyId } = await app.post(`/applications(appId='${appId}')/addPassword`);
    expect(await failure(app.post(`${APP}/addPassword`))).toMatchObject({ statusCode: 400 });
    await app.post(`/applications(appId='${appId}')/removePassword`, { keyId });
    expect(await failure(app.post(`/applications(appId='${appId}')/removePassword`, { keyId }))).toEqual(
      badRequest(`No password credential found with keyId '${keyId}'.`),
    );
    expect(world.directory.applications()[0]?.secrets).toEqual([]);
  });

  it("keep those that others made", async () => {
    const { id } = await created();
    const foreign = world.directory.addPasswordByHand("om-app", { displayName: "by hand" });
    await app.post(`/applications/${id}/addPassword`);
    const { passwordCredentials } = await app.get(APP);
    expect(passwordCredentials).toHaveLength(2);
    world.directory.removePasswordByHand(foreign.keyId);
    expect((await app.get(APP)).passwordCredentials).toHaveLength(1);
  });

  it.each([
    ["an end in the past", { endDateTime: "2026-02-28T00:00:00Z" }, "KeyCredentialsInvalidEndDate"],
    ["a start long ago", { startDateTime: "2026-02-01T00:00:00Z" }, "KeyCredentialsInvalidStartDate"],
    ["a value of one's own", { secretText: "hunter2" }, "Request_BadRequest"],
    ["a date without a time", { endDateTime: "2026-04-01" }, "Request_BadRequest"],
  ])("refuse %s", async (_what, passwordCredential, code) => {
    const { id } = await created();
    const refused = await failure(app.post(`/applications/${id}/addPassword`, { passwordCredential }));
    expect(refused).toMatchObject({ statusCode: 400, code });
  });

  const lifetime = (maxLifetime: string) => ({
    restrictionType: "passwordLifetime" as const,
    state: "enabled" as const,
    maxLifetime,
    restrictForAppsCreatedAfterDateTime: null,
  });
  const until = (endDateTime: string) => ({ passwordCredential: { endDateTime } });

  it("honour the lifetime that the tenant allows", async () => {
    const { id } = await created();
    world.directory.policies.tenant.applicationRestrictions.passwordCredentials.push(lifetime("P30D"));
    const tooLong = app.post(`/applications/${id}/addPassword`, until("2026-03-31T09:00:01Z"));
    expect(await failure(tooLong)).toEqual({
      statusCode: 400,
      code: "CredentialInvalidLifetimeAsPerAppPolicy",
      message:
        "Credential lifetime exceeds the max value allowed as per assigned policy '00000000-0000-0000-0000-000000000000'.",
    });
    await app.post(`/applications/${id}/addPassword`, until("2026-03-31T09:00:00Z"));
  });

  it("put the application's own policy before the tenant's", async () => {
    const { id } = await created();
    const { tenant, ofApplication } = world.directory.policies;
    const forbidden = { ...lifetime("P1D"), restrictionType: "passwordAddition" as const, maxLifetime: null };
    tenant.applicationRestrictions.passwordCredentials.push(forbidden);
    expect(await failure(app.post(`/applications/${id}/addPassword`))).toMatchObject({
      statusCode: 400,
      code: "CredentialTypeNotAllowedAsPerAppPolicy",
      message: expect.stringContaining("Credential type not allowed as per assigned policy"),
    });
    const own = { id: SOME_ID, displayName: "own", description: "", isEnabled: true };
    const allowed = { ...forbidden, state: "disabled" as const };
    ofApplication.set(id, { ...own, restrictions: { passwordCredentials: [allowed], keyCredentials: [] } });
    await app.post(`/applications/${id}/addPassword`);
    const { value } = await admin.get(`/applications/${id}/appManagementPolicies`);
    expect(value).toEqual([expect.objectContaining({ id: SOME_ID })]);
  });

  it("come with a tenant policy to be read, which restricts none of them at first", async () => {
    const policy = await admin.get("/policies/defaultAppManagementPolicy");
    expect(policy.applicationRestrictions.passwordCredentials).toEqual([]);
    expect(await failure(app.get("/policies/defaultAppManagementPolicy"))).toEqual(denied);
  });
});

describe("replication", () => {
  it("shows stale reads, and gives way to the truth", async () => {
    const { id } = await created();
    await world.clock.advance(HOUR);
    world.directory.replication.reads = 30 * SECOND;
    const { keyId } = await app.post(`/applications/${id}/addPassword`);
    const listed = async () =>
      (await app.get(`${APP}?$select=passwordCredentials`)).passwordCredentials.map(
        (one: { keyId: string }) => one.keyId,
      );
    expect(await listed()).toEqual([]);
    await world.clock.advance(30 * SECOND - 1);
    expect(await listed()).toEqual([]);
    await world.clock.advance(1);
    expect(await listed()).toEqual([keyId]);
    await app.post(`/applications/${id}/removePassword`, { keyId });
    expect(await listed()).toEqual([keyId]);
    await world.clock.advance(30 * SECOND);
    expect(await listed()).toEqual([]);
  });

  it("hides a new application from whatever refers to it, but not from the upsert", async () => {
    world.directory.replication.objects = MINUTE;
    const { id, appId } = await created();
    expect(await failure(app.get(APP))).toEqual(notFound("om-app"));
    expect(await failure(app.get(`/applications/${id}`))).toEqual(notFound(id));
    expect(await failure(app.patch(`/applications/${id}`, { notes: "x" }))).toEqual(notFound(id));
    expect(await failure(app.post(`/applications/${id}/addPassword`))).toEqual(notFound(id));
    expect(await failure(app.upsert(`/servicePrincipals(appId='${appId}')`, {}))).toEqual(
      badRequest(`The appId '${appId}' of the service principal does not reference a valid application object.`),
    );
    expect(await created({ notes: "again" })).toBeUndefined();
    await world.clock.advance(MINUTE);
    expect((await app.get(APP)).notes).toBe("again");
    await app.upsert(`/servicePrincipals(appId='${appId}')`, {});
  });

  it("hides a new service principal from consent", async () => {
    const { appId } = await created({ api: { oauth2PermissionScopes: [scope("access")] }, appRoles: [role("Run")] });
    world.directory.replication.objects = MINUTE;
    await world.clock.advance(MINUTE);
    const { id, appRoles } = await app.upsert(`/servicePrincipals(appId='${appId}')`, {});
    const assignment = { principalId: id, resourceId: id, appRoleId: appRoles[0].id };
    const grant = { clientId: id, consentType: "AllPrincipals", resourceId: id, scope: "access" };
    const graph = await admin.get(`/servicePrincipals(appId='${GRAPH_APP_ID}')`);
    const [{ id: readAll }] = graph.appRoles;
    expect(await failure(admin.get(`/servicePrincipals/${id}`))).toEqual(notFound(id));
    expect(await failure(admin.post(`/servicePrincipals/${id}/appRoleAssignedTo`, assignment))).toEqual(notFound(id));
    const ofGraph = { principalId: id, resourceId: graph.id, appRoleId: readAll };
    expect(await failure(admin.post(`/servicePrincipals/${graph.id}/appRoleAssignedTo`, ofGraph))).toEqual(
      badRequest("Not a valid reference update."),
    );
    expect(await failure(admin.post("/oauth2PermissionGrants", grant))).toEqual(badRequest(notFound(id).message));
    await world.clock.advance(MINUTE);
    await admin.post(`/servicePrincipals/${id}/appRoleAssignedTo`, assignment);
    await admin.post("/oauth2PermissionGrants", grant);
  });

  it("hides a new role from assignment", async () => {
    const { appId } = await created();
    const { id } = await app.upsert(`/servicePrincipals(appId='${appId}')`, {});
    world.directory.replication.objects = MINUTE;
    await world.clock.advance(MINUTE);
    const run = role("Run");
    await app.patch(APP, { appRoles: [run] });
    const assignment = { principalId: admin.objectId, resourceId: id, appRoleId: run.id };
    expect(await failure(admin.post(`/servicePrincipals/${id}/appRoleAssignedTo`, assignment))).toEqual(
      badRequest("Permission being assigned was not found on application."),
    );
    await world.clock.advance(MINUTE);
    await admin.post(`/servicePrincipals/${id}/appRoleAssignedTo`, assignment);
  });
});

describe("deleting an application", () => {
  it("keeps its unique name taken, with a 400, until it is restored or gone", async () => {
    const { id } = await created();
    await app.delete(`/applications/${id}`);
    expect(await failure(app.get(APP))).toEqual(notFound("om-app"));
    expect(await failure(created())).toEqual(
      badRequest("Another object with the same value for property uniqueName already exists."),
    );
    await world.clock.advance(30 * DAY - 1);
    expect(await failure(created())).toMatchObject({ statusCode: 400 });
    await world.clock.advance(1);
    expect((await created()).id).not.toBe(id);
  });

  it("lists what is deleted and restores it with its id and passwords, without its service principal", async () => {
    const { id, appId } = await created();
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
      code: "Request_UnsupportedQuery",
    });
    expect(await failure(app.get(list))).toEqual(denied);
    const restored = await app.post(`/directory/deletedItems/${id}/restore`);
    expect(restored).toMatchObject({ "@odata.type": "#microsoft.graph.application", id, deletedDateTime: null });
    expect((await app.get(APP)).passwordCredentials[0].keyId).toBe(keyId);
    expect(await failure(app.get(`/servicePrincipals(appId='${appId}')`))).toEqual(notFound(appId));
    expect(await failure(app.post(`/directory/deletedItems/${id}/restore`))).toEqual(notFound(id));
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

describe("service principals", () => {
  const principalOf = (appId: string) => `/servicePrincipals(appId='${appId}')`;

  it("are upserted with 201, then 204", async () => {
    const { appId } = await created({ appRoles: [role("Run")], identifierUris: [] });
    const prefer = { Prefer: "create-if-missing" };
    const first = await app.raw("PATCH", principalOf(appId), { headers: prefer, body: {} });
    const second = await app.raw("PATCH", principalOf(appId), { headers: prefer, body: { notes: "x" } });
    expect([first.status, second.status]).toEqual([201, 204]);
    expect(await app.get(principalOf(appId))).toEqual({ ...first.body, notes: "x" });
    expect(first.body).toMatchObject({
      appId,
      displayName: "OpenMetadata",
      servicePrincipalType: "Application",
      appOwnerOrganizationId: world.directory.tenantId,
      servicePrincipalNames: [appId],
      appRoles: [{ value: "Run" }],
    });
  });

  it("are created by POST once", async () => {
    const { appId } = await created();
    expect((await app.post("/servicePrincipals", { appId })).appId).toBe(appId);
    expect(await failure(app.post("/servicePrincipals", { appId }))).toMatchObject({
      statusCode: 409,
      code: "Request_MultipleObjectsWithSameKeyValue",
    });
  });

  it("need an application of the tenant, which OwnedBy has to own", async () => {
    await admin.upsert(APP, { displayName: "theirs" });
    const { appId } = await admin.get(APP);
    expect(await failure(app.post("/servicePrincipals", { appId }))).toEqual(denied);
    expect((await failure(app.post("/servicePrincipals", { appId: SOME_ID }))).message).toMatch(
      /must in the local tenant/,
    );
    expect(await failure(admin.post("/servicePrincipals", { appId: SOME_ID }))).toEqual(
      badRequest(`The appId '${SOME_ID}' of the service principal does not reference a valid application object.`),
    );
    expect(await failure(admin.patch(principalOf(appId), { notes: "x" }))).toEqual(notFound(appId));
  });

  it.each([
    [{ nickname: "x" }, 400],
    [{ appId: SOME_ID }, 400],
    [{ replyUrls: [] }, 501],
  ])("refuse the change %o", async (change, statusCode) => {
    const { appId } = await created();
    await app.upsert(principalOf(appId), {});
    expect(await failure(app.patch(principalOf(appId), change))).toMatchObject({ statusCode });
  });

  it("can be disabled, and then do not sign in", async () => {
    const { id, appId } = await created();
    await app.upsert(principalOf(appId), {});
    const { secretText } = await app.post(`/applications/${id}/addPassword`);
    await app.patch(principalOf(appId), { accountEnabled: false });
    const form = { grant_type: "client_credentials", client_id: appId, client_secret: secretText, scope: "x/.default" };
    const url = `${world.authority}/${world.directory.tenantId}/oauth2/v2.0/token`;
    const answer = await fetch(url, { method: "POST", body: new URLSearchParams(form) });
    expect(await answer.json()).toMatchObject({ error_codes: [7000112] });
  });

  it("are found by several application ids, with what they are assigned", async () => {
    const ids = `'${app.clientId}','${GRAPH_APP_ID}'`;
    const path = `/servicePrincipals?$filter=appId in (${ids})&$select=id,appId&$expand=appRoleAssignments`;
    const { value } = await app.get(path);
    const graph = world.directory.servicePrincipals().find(({ appId }) => appId === GRAPH_APP_ID);
    expect(value).toEqual([
      { id: graph?.id, appId: GRAPH_APP_ID, appRoleAssignments: [] },
      {
        id: app.objectId,
        appId: app.clientId,
        appRoleAssignments: [
          expect.objectContaining({
            principalId: app.objectId,
            principalType: "ServicePrincipal",
            resourceId: graph?.id,
            resourceDisplayName: "Microsoft Graph",
            appRoleId: "18a4783c-866b-4cc7-a460-3d5e5662c884",
          }),
        ],
      },
    ]);
    const own = await app.get(`/servicePrincipals/${app.objectId}/appRoleAssignments`);
    expect(own.value).toEqual(value[1].appRoleAssignments);
    expect((await app.get(`/servicePrincipals?$filter=appId eq '${SOME_ID}'`)).value).toEqual([]);
  });

  it("come in pages", async () => {
    const first = await app.get("/servicePrincipals?$top=2&$select=appId");
    expect(first.value).toHaveLength(2);
    const second = await app.get(new URL(first["@odata.nextLink"]).href.replace(`${world.graphUrl}/v1.0`, ""));
    expect(second.value).toHaveLength(1);
    expect(second).not.toHaveProperty("@odata.nextLink");
  });
});

describe("app role assignments", () => {
  it("are made once, and show in the next token", async () => {
    const api = world.directory.createApi({ displayName: "api", appRoles: ["Run"] });
    const { appRoles } = await admin.get(`/servicePrincipals/${api.objectId}`);
    const body = { principalId: app.objectId, resourceId: api.objectId, appRoleId: appRoles[0].id };
    const path = `/servicePrincipals/${api.objectId}/appRoleAssignedTo`;
    expect(await admin.post(path, body)).toMatchObject({
      ...body,
      resourceDisplayName: "api",
      principalDisplayName: "caller",
    });
    expect(await failure(admin.post(path, body))).toEqual(
      badRequest("Permission being assigned already exists on the object."),
    );
    expect(await failure(admin.post(path, { ...body, appRoleId: SOME_ID }))).toEqual(
      badRequest("Permission being assigned was not found on application."),
    );
    expect(await failure(admin.post(path, { ...body, principalId: SOME_ID }))).toMatchObject({ statusCode: 400 });
    expect(await failure(admin.post(path, { ...body, resourceId: SOME_ID }))).toMatchObject({ statusCode: 400 });
    expect(await failure(admin.post(`/servicePrincipals/${SOME_ID}/appRoleAssignedTo`, body))).toEqual(
      notFound(SOME_ID),
    );
    expect(world.directory.assignments().filter(({ resourceId }) => resourceId === api.objectId)).toHaveLength(1);
  });

  it.each([
    ["OwnedBy", [OWNED_BY], 403, 403],
    ["AppRoleAssignment alone", ["AppRoleAssignment.ReadWrite.All"], 403, 403],
    ["AppRoleAssignment with reading", ["AppRoleAssignment.ReadWrite.All", "Application.Read.All"], 201, 201],
    ["the right to write all applications", [ALL], 201, 403],
  ])("need more than %s where they do", async (_what, permissions, onApi, onGraph) => {
    const caller = await createCaller(world, permissions);
    const api = world.directory.createApi({ displayName: "api", appRoles: ["Run"] });
    const principals = world.directory.servicePrincipals();
    const graph = principals.find(({ appId }) => appId === GRAPH_APP_ID);
    const [run] = world.directory.applications()[0]?.appRoles ?? [];
    const [readAll] = graph?.own?.appRoles ?? [];
    const assign = async (resourceId = "", appRoleId = "") =>
      (
        await caller.raw("POST", `/servicePrincipals/${resourceId}/appRoleAssignedTo`, {
          body: { principalId: caller.objectId, resourceId, appRoleId },
        })
      ).status;
    // Somebody may hold the very role already; then it is the 400 of a duplicate, not of a right that is missing.
    expect(await assign(api.objectId, run?.id)).toBe(onApi);
    const outcome = await assign(graph?.id, readAll?.id);
    expect(permissions.includes("Application.Read.All") ? [201, 400] : [onGraph]).toContain(outcome);
  });
});

describe("delegated consent", () => {
  const grantFor = async (words: string) => {
    const graph = world.directory.servicePrincipals().find(({ appId }) => appId === GRAPH_APP_ID);
    return { clientId: app.objectId, consentType: "AllPrincipals", resourceId: graph?.id, scope: words };
  };

  it("is granted once, found, and changed", async () => {
    const body = await grantFor("openid profile");
    const { id } = await admin.post("/oauth2PermissionGrants", body);
    expect(await failure(admin.post("/oauth2PermissionGrants", body))).toEqual({
      statusCode: 409,
      code: "Request_MultipleObjectsWithSameKeyValue",
      message: "Permission entry already exists.",
    });
    await admin.patch(`/oauth2PermissionGrants/${id}`, { scope: "openid profile email" });
    const filter = `clientId eq '${app.objectId}' and resourceId eq '${body.resourceId}' and consentType eq 'AllPrincipals'`;
    const { value } = await admin.get(`/oauth2PermissionGrants?$filter=${filter}`);
    expect(value).toEqual([{ ...body, id, principalId: null, scope: "openid profile email" }]);
    expect((await admin.get(`/oauth2PermissionGrants?$filter=clientId eq '${SOME_ID}'`)).value).toEqual([]);
    expect(world.directory.grants()).toEqual(value);
  });

  it.each([
    ["a scope that the resource does not have", { scope: "openid Fly" }, /property 'scope'/],
    ["no scope", { scope: " " }, /property 'scope'/],
    ["a client that does not exist", { clientId: SOME_ID }, /does not exist or one of its queried/],
    ["a malformed client", { clientId: "x" }, /property 'clientId'/],
    ["a person beside all", { principalId: SOME_ID }, /property 'principalId'/],
    ["a kind of consent that there is not", { consentType: "Everybody" }, /property 'consentType'/],
    ["an unknown property", { expiryTime: "x" }, "Invalid property 'expiryTime'."],
  ])("refuses %s", async (_what, change, message) => {
    const body = { ...(await grantFor("openid")), ...change };
    expect(await failure(admin.post("/oauth2PermissionGrants", body))).toEqual(
      badRequest(expect.stringMatching(message)),
    );
  });

  it("changes nothing but the scope", async () => {
    const { id } = await admin.post("/oauth2PermissionGrants", await grantFor("openid"));
    const change = { scope: "openid", consentType: "Principal" };
    expect(await failure(admin.patch(`/oauth2PermissionGrants/${id}`, change))).toMatchObject({ statusCode: 400 });
    expect(await failure(admin.patch("/oauth2PermissionGrants/nothing", { scope: "openid" }))).toEqual(
      notFound("nothing"),
    );
  });

  it("needs its own permission, and another for reading", async () => {
    const reader = await createCaller(world, ["Directory.Read.All"]);
    expect((await reader.get("/oauth2PermissionGrants")).value).toEqual([]);
    expect(await failure(reader.post("/oauth2PermissionGrants", await grantFor("openid")))).toEqual(denied);
    expect(await failure(app.get("/oauth2PermissionGrants"))).toEqual(denied);
  });
});
