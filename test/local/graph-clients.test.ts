import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
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

// What az, CLI for Microsoft 365, the generated SDKs and Terraform's provider send, beside what the upserting clients do.
let world: GraphWorld["world"];
let app: GraphWorld["app"];
let admin: GraphWorld["admin"];

beforeEach(async () => {
  ({ world, app, admin } = await startGraph());
});
afterEach(() => world.close());

const make = (body: object = {}) => app.post("/applications", { displayName: "OpenMetadata", ...body });

describe("POST /applications", () => {
  it("makes another one each time, owned by its maker and bearing the maker's mark", async () => {
    const [one, other] = [await make(), await make()];
    expect(one.id).not.toBe(other.id);
    expect(one).toMatchObject({ uniqueName: null, createdByAppId: app.clientId });
    expect((await app.get(`/applications/${one.id}/owners`)).value).toMatchObject([
      { "@odata.type": "#microsoft.graph.servicePrincipal", id: app.objectId },
    ]);
  });

  it("takes the types that generated clients write, nulls, and what nothing is changed by", async () => {
    const { id } = await make({
      "@odata.type": "#microsoft.graph.application",
      api: { "@odata.type": "microsoft.graph.apiApplication", requestedAccessTokenVersion: 2 },
      appRoles: [{ "@odata.type": "#microsoft.graph.appRole", ...role("Run") }],
      keyCredentials: [],
      passwordCredentials: [],
      web: null,
      spa: null,
      info: null,
      addIns: [],
      parentalControlSettings: null,
      verifiedPublisher: {},
      oauth2RequirePostResponse: false,
    });
    await app.patch(`/applications/${id}`, { web: { redirectUris: ["https://a.example/"], redirectUriSettings: [] } });
    await app.patch(`/applications/${id}`, { web: null });
    expect((await app.get(`/applications/${id}`)).web.redirectUris).toEqual([]);
    expect(await failure(make({ "@odata.type": "#microsoft.graph.user" }))).toMatchObject({ statusCode: 400 });
    expect(await failure(make({ oauth2RequirePostResponse: true }))).toMatchObject({ statusCode: 501 });
  });

  it("never calls a property of the real type invalid", async () => {
    const { id } = await make({ info: { logoUrl: null, marketingUrl: "https://a.example/" } });
    const refused = async (call: Promise<object>) => expect(await failure(call)).toMatchObject({ statusCode: 501 });
    await refused(app.patch(`/applications/${id}`, { info: { logoUrl: "https://a.example/" } }));
    for (const name of ["customKeyIdentifier", "hint", "keyId", "secretText"]) {
      await app.post(`/applications/${id}/addPassword`, { passwordCredential: { displayName: "x", [name]: null } });
      await refused(app.post(`/applications/${id}/addPassword`, { passwordCredential: { [name]: "x" } }));
    }
  });

  it("is told of a body without a content type, and of no body, that a content type is missing", async () => {
    for (const body of [undefined, "{}"]) {
      const headers = { authorization: `Bearer ${app.token}` };
      const sent = body === undefined ? {} : { body: new TextEncoder().encode(body) };
      const answer = await fetch(`${world.graphUrl}/v1.0/applications`, { method: "POST", headers, ...sent });
      expect(answer.status).toBe(400);
      expect(await answer.json()).toMatchObject({
        error: { message: "A missing or empty content type header was found. It is required." },
      });
    }
  });

  it("makes secrets up that it is asked for, and shows them once", async () => {
    const made = await make({ passwordCredentials: [{ displayName: "first" }] });
    expect(made.passwordCredentials).toMatchObject([{ displayName: "first", secretText: expect.stringMatching(/~/) }]);
    const { passwordCredentials } = await app.get(`/applications/${made.id}`);
    expect(passwordCredentials).toMatchObject([{ displayName: "first", secretText: null }]);
  });

  it("makes no secret of a value that is brought along, and none unmade by an empty list", async () => {
    const brought = make({ passwordCredentials: [{ displayName: "first", secretText: "hunter2" }] });
    expect(await failure(brought)).toEqual(
      badRequest("New password credentials must be generated with service actions."),
    );
    const { id } = await make({ passwordCredentials: [{ displayName: "first" }] });
    expect(await failure(app.patch(`/applications/${id}`, { passwordCredentials: [] }))).toMatchObject({
      statusCode: 501,
    });
  });

  it("takes the owners of its body", async () => {
    const owner = world.directory.createManagedIdentity({ displayName: "owner", graphPermissions: [] });
    const bind = [`https://graph.microsoft.com/v1.0/directoryObjects/${owner.objectId}`];
    const { id } = await make({ "owners@odata.bind": bind });
    const { owners } = await app.get(`/applications/${id}?$expand=owners($select=id)`);
    expect(owners.map((one: { id: string }) => one.id)).toEqual([app.objectId, owner.objectId]);
    const nobody = [`https://graph.microsoft.com/v1.0/directoryObjects/${SOME_ID}`];
    expect(await failure(make({ "owners@odata.bind": nobody }))).toEqual(notFound(SOME_ID));
  });

  it("needs the right to write applications", async () => {
    const reader = await createCaller(world, ["Application.Read.All"]);
    expect(await failure(reader.post("/applications", { displayName: "x" }))).toEqual(denied);
  });

  it("takes roles back as they were read", async () => {
    const { id, appRoles } = await make({ appRoles: [role("Run")] });
    expect(appRoles).toMatchObject([{ origin: "Application" }]);
    await app.patch(`/applications/${id}`, { appRoles: [{ ...appRoles[0], isEnabled: false }] });
    expect((await app.get(`/applications/${id}`)).appRoles).toEqual([{ ...appRoles[0], isEnabled: false }]);
  });

  it("shows a property by itself", async () => {
    const { id } = await make({ appRoles: [role("Run")] });
    expect((await app.get(`/applications/${id}/appRoles`)).value).toMatchObject([{ value: "Run" }]);
    const graph = await app.get(`/servicePrincipals(appId='${GRAPH_APP_ID}')/oauth2PermissionScopes`);
    expect(graph.value.map(({ value }: { value: string }) => value)).toContain("User.Read");
    expect(await failure(app.get(`/applications/${id}/extensionProperties`))).toMatchObject({ statusCode: 501 });
  });

  it("can be addressed as older clients do", async () => {
    const { id } = await make();
    expect((await app.raw("GET", `/myorganization/applications('${id}')`)).body.id).toBe(id);
  });
});

describe("owners", () => {
  const reference = (id: string) => ({ "@odata.id": `https://graph.microsoft.com/v1.0/directoryObjects/${id}` });

  it("are added once, listed, and removed", async () => {
    const { id } = await make();
    const path = `/applications/${id}/owners`;
    await admin.post(`${path}/$ref`, reference(admin.objectId));
    expect(await failure(admin.post(`${path}/$ref`, reference(admin.objectId)))).toEqual(
      badRequest(expect.stringContaining("added object references already exist")),
    );
    expect((await app.get(`${path}/$ref`)).value).toEqual(
      [app.objectId, admin.objectId].map((owner) => ({
        "@odata.id": `${world.graphUrl}/v1.0/directoryObjects/${owner}`,
      })),
    );
    expect((await app.get(`${path}/graph.servicePrincipal`)).value).toHaveLength(2);
    expect((await app.get(`${path}/microsoft.graph.user`)).value).toEqual([]);
    await admin.delete(`${path}/${app.objectId}/$ref`);
    expect(await failure(app.patch(`/applications/${id}`, { notes: "mine?" }))).toEqual(denied);
    expect(await failure(admin.delete(`${path}/${app.objectId}/$ref`))).toEqual(notFound(app.objectId));
  });

  it("need a right to read the directory as well", async () => {
    const { id } = await make();
    expect(await failure(app.post(`/applications/${id}/owners/$ref`, reference(admin.objectId)))).toEqual(denied);
    const more = await createCaller(world, [OWNED_BY, "Directory.Read.All"]);
    const own = await more.post("/applications", { displayName: "own" });
    await more.post(`/applications/${own.id}/owners/$ref`, reference(admin.objectId));
    expect(await failure(more.post(`/applications/${id}/owners/$ref`, reference(more.objectId)))).toEqual(denied);
  });

  it("of a service principal may write it", async () => {
    const { appId } = await make();
    const { id } = await app.post("/servicePrincipals", { appId });
    const other = await createCaller(world, [OWNED_BY]);
    expect(await failure(other.patch(`/servicePrincipals/${id}`, { notes: "x" }))).toEqual(denied);
    await admin.post(`/servicePrincipals/${id}/owners/$ref`, reference(other.objectId));
    await other.patch(`/servicePrincipals/${id}`, { notes: "x" });
  });
});

describe("federated identity credentials", () => {
  const credential = {
    "@odata.type": "#microsoft.graph.federatedIdentityCredential",
    name: "pipeline",
    issuer: "https://token.actions.githubusercontent.com",
    subject: "repo:octo/octo:ref:refs/heads/main",
    audiences: ["api://AzureADTokenExchange"],
  };

  it("are made, read, changed and removed", async () => {
    const { id } = await make();
    const path = `/applications/${id}/federatedIdentityCredentials`;
    const made = await app.post(path, credential);
    expect((await app.get(path)).value).toMatchObject([{ name: "pipeline", description: null }]);
    await app.patch(`${path}/${made.id}`, { subject: "repo:octo/octo:environment:live" });
    expect(await app.get(`${path}/${made.id}`)).toMatchObject({ subject: "repo:octo/octo:environment:live" });
    expect(await failure(app.patch(`${path}/${made.id}`, { name: "other" }))).toMatchObject({ statusCode: 400 });
    expect(await failure(app.post(path, { ...credential, subject: "x" }))).toMatchObject({ statusCode: 409 });
    const twin = { ...credential, name: "twin", subject: "repo:octo/octo:environment:live" };
    expect(await failure(app.post(path, twin))).toMatchObject({ statusCode: 400 });
    await app.delete(`${path}/${made.id}`);
    expect((await app.get(path)).value).toEqual([]);
  });
});

describe("service principals", () => {
  it("have secrets of their own, with which their application signs in", async () => {
    const { appId } = await make();
    const { id } = await app.post("/servicePrincipals", { appId, "@odata.type": "#microsoft.graph.servicePrincipal" });
    const { secretText, keyId } = await app.post(`/servicePrincipals/${id}/addPassword`);
    const scope = `${GRAPH_APP_ID}/.default`;
    const signIn = async () => {
      const form = { grant_type: "client_credentials", client_id: appId, client_secret: secretText, scope };
      const url = `${world.authority}/${world.directory.tenantId}/oauth2/v2.0/token`;
      return (await fetch(url, { method: "POST", body: new URLSearchParams(form) })).status;
    };
    expect(await signIn()).toBe(200);
    expect((await app.get(`/servicePrincipals/${id}`)).passwordCredentials).toMatchObject([
      { keyId, secretText: null },
    ]);
    await app.post(`/servicePrincipals/${id}/removePassword`, { keyId });
    expect(await signIn()).toBe(401);
  });

  it("are deleted softly, with their consent, and restored unless another has taken their place", async () => {
    const { appId } = await make();
    const { id } = await app.post("/servicePrincipals", { appId });
    await app.delete(`/servicePrincipals/${id}`);
    const bin = "/directory/deletedItems";
    expect((await admin.get(`${bin}/microsoft.graph.servicePrincipal`)).value).toMatchObject([{ id, appId }]);
    await admin.post(`${bin}/${id}/restore`);
    expect((await app.get(`/servicePrincipals/${id}`)).appId).toBe(appId);
    await app.delete(`/servicePrincipals(appId='${appId}')`);
    await app.post("/servicePrincipals", { appId });
    expect(await failure(admin.post(`${bin}/${id}/restore`))).toMatchObject({ statusCode: 409 });
    await admin.delete(`${bin}/${id}`);
    expect(await failure(admin.get(`${bin}/${id}`))).toEqual(notFound(id));
  });

  it("say which application made them", async () => {
    const { appId } = await make();
    expect((await app.post("/servicePrincipals", { appId })).createdByAppId).toBe(app.clientId);
    const planted = world.directory.registerByHand("planted", { uniqueName: "planted", owners: [app.objectId] });
    world.directory.addPrincipalByHand("planted", { createdByAppId: SOME_ID });
    expect((await app.get(`/applications/${planted.id}`)).createdByAppId).toBeNull();
    expect((await app.get(`/servicePrincipals(appId='${planted.clientId}')`)).createdByAppId).toBe(SOME_ID);
  });
});

describe("app role assignments", () => {
  it("can be made, read and removed from either end", async () => {
    const api = world.directory.createApi({ displayName: "api", appRoles: ["Run", "Read"] });
    const { appRoles } = await admin.get(`/servicePrincipals/${api.objectId}`);
    const [run, read] = appRoles;
    const ends = { principalId: app.objectId, resourceId: api.objectId };
    const clients = `/servicePrincipals/${app.objectId}/appRoleAssignments`;
    const resources = `/servicePrincipals/${api.objectId}/appRoleAssignedTo`;
    const one = await admin.post(clients, { ...ends, appRoleId: run.id });
    const other = await admin.post(resources, { ...ends, appRoleId: read.id });
    expect((await admin.get(resources)).value).toMatchObject([{ id: one.id }, { id: other.id }]);
    expect((await admin.get(`${clients}?$filter=resourceId eq ${api.objectId}`)).value).toHaveLength(2);
    expect((await admin.get(`${clients}/${other.id}`)).appRoleId).toBe(read.id);
    await admin.delete(`${clients}/${other.id}`);
    await admin.delete(`${resources}/${one.id}`);
    expect((await admin.get(resources)).value).toEqual([]);
    const strange = { ...ends, principalId: api.objectId, appRoleId: run.id };
    expect(await failure(admin.post(clients, strange))).toEqual(badRequest("Not a valid reference update."));
  });

  it("of Graph's own roles need more, from either end", async () => {
    const writer = await createCaller(world, ["Application.ReadWrite.All"]);
    const graph = await admin.get(`/servicePrincipals(appId='${GRAPH_APP_ID}')`);
    const { id: appRoleId } = graph.appRoles.find(({ value }: { value: string }) => value === "Policy.Read.All");
    const body = { principalId: writer.objectId, resourceId: graph.id, appRoleId };
    const path = `/servicePrincipals/${writer.objectId}/appRoleAssignments`;
    expect(await failure(writer.post(path, body))).toEqual(denied);
    await admin.post(path, body);
  });
});

describe("deleted items", () => {
  it("are read and purged, which frees their names", async () => {
    const { id } = await app.upsert("/applications(uniqueName='om-app')", { displayName: "OpenMetadata" });
    await app.delete(`/applications/${id}`);
    const item = `/directory/deletedItems/${id}`;
    expect(await admin.get(item)).toMatchObject({
      "@odata.type": "#microsoft.graph.application",
      uniqueName: "om-app",
      deletedDateTime: "2026-03-01T09:00:00Z",
    });
    expect((await admin.get("/directory/deletedItems/graph.application")).value).toHaveLength(1);
    const stranger = await createCaller(world, [OWNED_BY]);
    expect(await failure(stranger.delete(item))).toEqual(denied);
    await app.delete(item);
    expect(await failure(admin.get(item))).toEqual(notFound(id));
    await app.upsert("/applications(uniqueName='om-app')", { displayName: "OpenMetadata" });
  });
});

describe("delegated grants", () => {
  it("are read by their id and revoked", async () => {
    const graph = await admin.get(`/servicePrincipals(appId='${GRAPH_APP_ID}')`);
    const body = { clientId: app.objectId, consentType: "AllPrincipals", resourceId: graph.id, scope: "openid" };
    const { id } = await admin.post("/oauth2PermissionGrants", body);
    expect(await admin.get(`/oauth2PermissionGrants/${id}`)).toMatchObject(body);
    // As az writes it: Graph minds no case in the names of its paths.
    await admin.delete(`/oAuth2PermissionGrants/${id}`);
    expect(world.directory.grants()).toEqual([]);
  });
});

describe("$batch", () => {
  it("answers each request by itself, and none that depends on a failure", async () => {
    const { id } = await make();
    const { responses } = await app.post("/$batch", {
      requests: [
        { id: "1", method: "GET", url: `/applications/${id}?$select=displayName` },
        {
          id: "2",
          method: "PATCH",
          url: `/applications/${id}`,
          body: { notes: "x" },
          headers: { "Content-Type": "application/json" },
        },
        { id: "3", method: "GET", url: `applications/${SOME_ID}` },
        { id: "4", method: "DELETE", url: `/applications/${id}`, dependsOn: ["3"] },
      ],
    });
    expect(responses).toMatchObject([
      { id: "1", status: 200, body: { displayName: "OpenMetadata" } },
      { id: "2", status: 204 },
      { id: "3", status: 404, body: { error: { code: "Request_ResourceNotFound" } } },
      { id: "4", status: 424 },
    ]);
    expect((await app.get(`/applications/${id}`)).notes).toBe("x");
    const many = Array.from({ length: 21 }, (_, index) => ({ id: `${index}`, method: "GET", url: "/applications" }));
    expect(await failure(app.post("/$batch", { requests: many }))).toMatchObject({ statusCode: 400 });
  });
});

describe("the organization", () => {
  it("says which tenant it is", async () => {
    expect((await admin.get("/organization")).value).toMatchObject([
      { id: world.directory.tenantId, verifiedDomains: [{ name: world.directory.verifiedDomain, isInitial: true }] },
    ]);
    expect(await failure(app.get("/organization"))).toEqual(denied);
  });
});
