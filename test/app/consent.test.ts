import { describe, expect, it } from "vitest";
import type { Fault } from "../../local/cloud/exchange.ts";
import { amid, answers, loses } from "../../proof/strikes/strike.ts";
import { asAdministrator, principalOf, registration } from "./administrator.ts";
import { MINUTE, openApp } from "./app.ts";

const GRAPH = "00000003-0000-0000-c000-000000000000";
const SIGN_IN = "openid profile email offline_access User.Read";

const app = openApp();
const idOf = (name: string): string | undefined => principalOf(app(), registration(app(), name).appId);
const scopes = (): string[] =>
  app()
    .cloud.directory.grants()
    .map(({ scope }) => scope);

/** Starts over with registrations of another name, in the same tenant. */
async function deploy(name: string): Promise<void> {
  await app().restart({ DEPLOYMENT_NAME: name });
  await app().post("provision");
  app().mark();
}

describe("POST /api/consent", () => {
  it("asks to provision first where nothing is", async () => {
    app().mark();
    const { status, body } = await app().call("POST", "consent");
    expect({ status, body }).toMatchObject({
      status: 409,
      body: { code: "registration-missing", hint: expect.stringContaining("POST /api/provision") },
    });
    expect(app().writes("graph")).toEqual([]);
  });

  it("shows what it would do and writes nothing when asked for a dry run", async () => {
    await app().post("provision");
    app().mark();
    const { status, body } = await app().call("POST", "consent", { dryRun: true });
    expect({ status, body }).toMatchObject({
      status: 200,
      body: {
        converged: false,
        steps: [
          { kind: "grant-scopes", target: "openmetadata-server on Microsoft Graph", state: "planned" },
          { kind: "grant-scopes", target: "openmetadata-ingestion on openmetadata-server", state: "planned" },
          { kind: "assign-app-role", target: "openmetadata-ingestion on openmetadata-server", state: "planned" },
          { kind: "assign-app-role", target: "this app's identity on openmetadata-server", state: "planned" },
        ],
      },
    });
    expect(app().writes("graph")).toEqual([]);
    expect(app().cloud.directory.grants()).toEqual([]);
  });

  it("makes two grants for everybody, and assigns ingestion and the app itself", async () => {
    const assigned = app().cloud.directory.assignments();
    app().mark();
    await app().post("consent");
    const [server, ingestion] = [idOf("openmetadata-server"), idOf("openmetadata-ingestion")];
    expect(app().writes("graph")).toHaveLength(4);
    const everybody = { consentType: "AllPrincipals", principalId: null };
    expect(app().cloud.directory.grants()).toEqual([
      { id: expect.any(String), ...everybody, clientId: server, resourceId: principalOf(app(), GRAPH), scope: SIGN_IN },
      { id: expect.any(String), ...everybody, clientId: ingestion, resourceId: server, scope: "Metadata.Access" },
    ]);
    expect(app().cloud.directory.assignments().slice(assigned.length)).toMatchObject([
      { principalId: ingestion, resourceId: server, appRoleId: registration(app()).appRoles[0]?.id },
      { principalId: app().cloud.app.objectId, resourceId: server, appRoleId: registration(app()).appRoles[0]?.id },
    ]);
  });

  it("writes nothing the second time, with at most six requests", async () => {
    app().mark();
    const { body } = await app().post("consent");
    expect(body).toMatchObject({ converged: true, steps: [] });
    expect(app().requests("graph").length).toBeLessThanOrEqual(6);
    expect(app().writes("graph")).toEqual([]);
  });

  it("needs at most fifteen requests together with provisioning", async () => {
    await app().restart({ DEPLOYMENT_NAME: "fresh" });
    app().mark();
    await app().post("provision");
    await app().post("consent");
    expect(app().requests("graph").length).toBeLessThanOrEqual(15);
  });

  it("tells what it has changed, where only the app role had been taken away", async () => {
    const server = idOf("fresh-server");
    const taken = app()
      .cloud.directory.assignments()
      .find(({ resourceId }) => resourceId === server);
    await asAdministrator(app(), "DELETE", { path: `/servicePrincipals/${server}/appRoleAssignedTo/${taken?.id}` });
    const before = scopes();
    const { body } = await app().post("consent");
    expect(body.steps).toMatchObject([{ kind: "assign-app-role", state: "done" }]);
    expect(scopes()).toEqual(before);
  });

  it("keeps the scopes that somebody else has granted", async () => {
    await deploy("union");
    const { id, api } = registration(app(), "union-server");
    const other = {
      ...api.oauth2PermissionScopes[0],
      id: "0c1e6b1a-2c54-4a39-9a8f-3f0e4ed37f01",
      value: "Reports.Read",
    };
    await asAdministrator(app(), "PATCH", {
      path: `/applications/${id}`,
      body: { api: { oauth2PermissionScopes: [...api.oauth2PermissionScopes, other] } },
    });
    await asAdministrator(app(), "POST", {
      path: "/oauth2PermissionGrants",
      body: {
        clientId: idOf("union-ingestion"),
        resourceId: idOf("union-server"),
        consentType: "AllPrincipals",
        scope: "Reports.Read",
      },
    });
    await app().post("consent");
    expect(scopes().slice(-2).toSorted()).toEqual(["Reports.Read Metadata.Access", SIGN_IN]);
  });
});

describe("POST /api/consent when Graph lags or fails", () => {
  it('takes "already exists" for done', async () => {
    await deploy("twice");
    const count = scopes().length;
    const twice: Fault = ({ service, method }) =>
      service === "graph" && method === "POST" ? { kind: "repeat" } : undefined;
    const { body } = await amid(app(), twice, () => app().post("consent"));
    expect(body.converged).toBe(true);
    expect(scopes().slice(count)).toEqual([SIGN_IN, "Metadata.Access"]);
  });

  it("does not take a grant with fewer scopes for done, which a list that lags did not show", async () => {
    await deploy("lagging");
    const body = { resourceId: principalOf(app(), GRAPH), consentType: "AllPrincipals", scope: "User.Read" };
    await app().clock.advance(MINUTE);
    app().cloud.directory.replication.reads = MINUTE;
    await asAdministrator(app(), "POST", {
      path: "/oauth2PermissionGrants",
      body: { ...body, clientId: idOf("lagging-server") },
    });
    const first = await app().call("POST", "consent");
    expect(first).toMatchObject({
      status: 202,
      retryAfter: 15,
      body: { converged: false, steps: [{ target: "lagging-server on Microsoft Graph", state: "waiting" }] },
    });
    await app().post("consent");
    expect(scopes().slice(-2)).toEqual([`User.Read ${SIGN_IN.replace(" User.Read", "")}`, "Metadata.Access"]);
    app().cloud.directory.replication.reads = 0;
  });

  it("waits for the service principals to be listed", async () => {
    await deploy("young");
    const hidden = answers(
      { service: "graph", method: "GET", path: /servicePrincipals$/ },
      { status: 200, body: { value: [] } },
    );
    const early = await amid(app(), hidden, () => app().call("POST", "consent"));
    expect(early).toMatchObject({
      status: 202,
      retryAfter: 15,
      body: { deployment: "young", converged: false, steps: [], code: "replication-pending" },
    });
    expect(app().writes("graph")).toEqual([]);
  });

  it("repeats a grant whose references are not known everywhere yet", async () => {
    await deploy("slow");
    const message = "Resource 'x' does not exist or one of its queried reference-property objects are not present.";
    const unknown = { status: 400, body: { error: { code: "Request_BadRequest", message } } };
    const young = answers({ service: "graph", method: "POST", times: 3 }, unknown);
    const { body } = await amid(app(), young, () => app().post("consent"));
    expect(body.steps).toHaveLength(4);
  });

  it.each([
    ["grants", /oauth2PermissionGrants/],
    ["assignments", /appRoleAssignedTo/],
  ])("converges on one of each when the answers about %s are lost", async (what, path) => {
    await deploy(`lost-${what}`);
    const [grants, assignments] = [scopes().length, app().cloud.directory.assignments().length];
    const lost = loses({ service: "graph", method: "POST", path, times: 1 });
    const { status } = await amid(app(), lost, () => app().call("POST", "consent"));
    expect(status).toBe(503);
    await app().post("consent");
    expect([scopes().length, app().cloud.directory.assignments().length]).toEqual([grants + 2, assignments + 2]);
  });
});
