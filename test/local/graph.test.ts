import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  APP,
  badRequest,
  createCaller,
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
import { HOUR, MINUTE, SECOND } from "./identity-world.ts";

let world: GraphWorld["world"];
let app: GraphWorld["app"];
let admin: GraphWorld["admin"];
let create: GraphWorld["create"];

beforeEach(async () => {
  ({ world, app, admin, create } = await startGraph());
});
afterEach(() => world.close());

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
    ["GET", "/applications/%3CuniqueName%3Ex", 501, /stand-in does not model/],
    ["GET", "/servicePrincipals?$filter=colour eq 'x'", 400, /Could not find a property named 'colour'/],
    ["GET", "/servicePrincipals?$filter=appId ne 'x'", 400, /ConsistencyLevel:eventual/],
    ["GET", "/servicePrincipals?$filter=appId eq 'x", 400, /Invalid filter clause/],
    ["GET", "/servicePrincipals?$filter=(appId eq 'x'", 400, /Invalid filter clause/],
    ["GET", "/servicePrincipals?$filter=appId eq displayName", 400, /Invalid filter clause/],
    ["GET", "/servicePrincipals?$search=x", 400, /special request header/],
    ["GET", "/servicePrincipals?$skip=1", 400, "'$skip' is not supported by the service."],
    ["GET", "/servicePrincipals/$count", 400, "$count is not currently supported."],
    ["GET", "/me", 400, "/me request is only valid with delegated authentication flow."],
    ["GET", "/me/ownedObjects", 400, "/me request is only valid with delegated authentication flow."],
    // What Graph may have and this stand-in has not, in words that Graph does not use.
    ["GET", "/users", 501, "The local stand-in does not model GET /v1.0/users."],
    ["PUT", `/applications/${SOME_ID}`, 501, /stand-in does not model PUT/],
    ["POST", `/applications/${SOME_ID}/addKey`, 501, /stand-in does not model POST/],
    ["GET", "/applications/delta()", 501, /stand-in does not model the function/],
    ["GET", "/servicePrincipals?$filter=loginUrl eq 'x'", 501, /stand-in does not model a filter by 'loginUrl'/],
    ["GET", "/servicePrincipals?$expand=memberOf", 501, /stand-in does not model the expansion 'memberOf'/],
    ["GET", "/servicePrincipals?$orderby=appId", 501, /stand-in does not model sorting by 'appId'/],
    ["GET", "/servicePrincipals?$apply=x", 501, /stand-in does not model the query option '\$apply'/],
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

describe("replication", () => {
  it("shows stale reads, and gives way to the truth", async () => {
    const { id } = await create();
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
    const { id, appId } = await create();
    expect(await failure(app.get(APP))).toEqual(notFound("om-app"));
    expect(await failure(app.get(`/applications/${id}`))).toEqual(notFound(id));
    expect(await failure(app.patch(`/applications/${id}`, { notes: "x" }))).toEqual(notFound(id));
    expect(await failure(app.post(`/applications/${id}/addPassword`))).toEqual(notFound(id));
    expect(await failure(app.upsert(`/servicePrincipals(appId='${appId}')`, {}))).toEqual(
      badRequest(`The appId '${appId}' of the service principal does not reference a valid application object.`),
    );
    expect(await create({ notes: "again" })).toBeUndefined();
    await world.clock.advance(MINUTE);
    expect((await app.get(APP)).notes).toBe("again");
    await app.upsert(`/servicePrincipals(appId='${appId}')`, {});
  });

  it("hides a new service principal from consent", async () => {
    const { appId } = await create({ api: { oauth2PermissionScopes: [scope("access")] }, appRoles: [role("Run")] });
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
    const { appId } = await create();
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
