import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  ALL,
  APP,
  badRequest,
  createCaller,
  denied,
  failure,
  GRAPH_APP_ID,
  type GraphWorld,
  notFound,
  OWNED_BY,
  role,
  SOME_ID,
  startGraph,
} from "./graph-world.ts";

let world: GraphWorld["world"];
let app: GraphWorld["app"];
let admin: GraphWorld["admin"];
let create: GraphWorld["create"];

beforeEach(async () => {
  ({ world, app, admin, create } = await startGraph());
});
afterEach(() => world.close());

describe("service principals", () => {
  const principalOf = (appId: string) => `/servicePrincipals(appId='${appId}')`;

  it("are upserted with 201, then 204", async () => {
    const { appId } = await create({ appRoles: [role("Run")], identifierUris: [] });
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
    const { appId } = await create();
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
    [{ replyUrls: ["https://a.example"] }, 501],
  ])("refuse the change %o", async (change, statusCode) => {
    const { appId } = await create();
    await app.upsert(principalOf(appId), {});
    expect(await failure(app.patch(principalOf(appId), change))).toMatchObject({ statusCode });
  });

  it("can be disabled, and then do not sign in", async () => {
    const { id, appId } = await create();
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
    world.directory.createManagedIdentity({ displayName: "fourth", graphPermissions: [] });
    const first = await app.get("/servicePrincipals?$top=2&$select=appId");
    expect(first.value).toHaveLength(2);
    const second = await app.get(new URL(first["@odata.nextLink"]).href.replace(`${world.graphUrl}/v1.0`, ""));
    expect(second.value).toHaveLength(2);
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
    const other = world.directory.createApi({ displayName: "other", appRoles: [] });
    expect(await failure(admin.post(path, { ...body, resourceId: other.objectId }))).toEqual(
      badRequest("Not a valid reference update."),
    );
    expect(await failure(admin.post(`/servicePrincipals/${SOME_ID}/appRoleAssignedTo`, body))).toEqual(
      notFound(SOME_ID),
    );
    expect(world.directory.assignments().filter(({ resourceId }) => resourceId === api.objectId)).toHaveLength(1);
  });

  it.each([
    ["OwnedBy", [OWNED_BY], 403, 403],
    ["AppRoleAssignment.ReadWrite.All alone", ["AppRoleAssignment.ReadWrite.All"], 403, 403],
    ["it beside a right to read", ["AppRoleAssignment.ReadWrite.All", "Application.Read.All"], 201, 201],
    ["the right to write all applications", [ALL], 201, 403],
  ])("with %s (%s): gives %i for an API, %i for Graph", async (_what, permissions, onApi, onGraph) => {
    const caller = await createCaller(world, permissions);
    const api = world.directory.createApi({ displayName: "api", appRoles: ["Policy.Read.All"] });
    const assign = async (appId: string) => {
      const { id: resourceId, appRoles } = await admin.get(`/servicePrincipals(appId='${appId}')`);
      const { id: appRoleId } = appRoles.find(({ value }: { value: string }) => value === "Policy.Read.All");
      const body = { principalId: caller.objectId, resourceId, appRoleId };
      return (await caller.raw("POST", `/servicePrincipals/${resourceId}/appRoleAssignedTo`, { body })).status;
    };
    expect([await assign(api.clientId), await assign(GRAPH_APP_ID)]).toEqual([onApi, onGraph]);
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
