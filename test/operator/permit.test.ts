import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { CONSENT } from "../../operator/permit/permissions.ts";
import { createCaller } from "../local/graph-world.ts";
import { API, everything, OWNED_BY, openTenant, SOME_ID, type Tenant } from "./permit-world.ts";

let tenant: Tenant;
beforeEach(async () => {
  tenant = await openTenant();
});
afterEach(() => tenant.close());

/** App roles that a service principal holds, as "resource role". */
function held(objectId: string): string[] {
  const principals = tenant.directory.servicePrincipals();
  return tenant.directory
    .assignments()
    .filter(({ principalId }) => principalId === objectId)
    .map(({ resourceId, appRoleId }) => {
      const resource = principals.find(({ id }) => id === resourceId);
      const application = tenant.directory.applications().find(({ appId }) => appId === resource?.appId);
      const roles = resource?.own?.appRoles ?? application?.appRoles ?? [];
      return `${resource?.own?.displayName ?? application?.displayName} ${roles.find(({ id }) => id === appRoleId)?.value}`;
    });
}

describe("permit", () => {
  it("makes the registration that callers ask tokens for, and gives everyone what was asked for", async () => {
    const { steps, apiClientId, handOver } = await tenant.run(everything(tenant));
    expect(steps.map(({ kind, state }) => `${kind} ${state}`)).toEqual([
      "create-registration done",
      "set-app-id-uri done",
      "pre-authorize-azure-cli done",
      "create-service-principal done",
      "assign-app-role done",
      "assign-app-role done",
      "add-owner done",
    ]);
    expect(handOver).toBeUndefined();
    const made = tenant.registration();
    expect(made).toMatchObject({
      appId: apiClientId,
      signInAudience: "AzureADMyOrg",
      identifierUris: [`api://${apiClientId}`],
      api: { requestedAccessTokenVersion: 2, oauth2PermissionScopes: [{ value: "user_impersonation", type: "Admin" }] },
      appRoles: [{ value: "Automation.Run" }, { value: "Automation.Read" }],
    });
    expect(made?.api.preAuthorizedApplications).toEqual([
      {
        appId: "04b07795-8ddb-461a-bbee-02f9e1bf7b46",
        delegatedPermissionIds: [made?.api.oauth2PermissionScopes[0]?.id],
      },
    ]);
    expect(
      tenant.directory.servicePrincipals().find(({ appId }) => appId === apiClientId)?.appRoleAssignmentRequired,
    ).toBe(true);
    expect(held(tenant.app.objectId)).toEqual([`Microsoft Graph ${OWNED_BY}`]);
    expect(held(tenant.pipeline.objectId)).toEqual([`${API} Automation.Run`]);
    const byHand = tenant.directory.applications().find(({ appId }) => appId === tenant.byHand.clientId);
    expect(byHand?.owners).toEqual([tenant.app.objectId]);
  });

  it("finds nothing to do the second time", async () => {
    const { apiClientId } = await tenant.run(everything(tenant));
    expect(await tenant.run(everything(tenant))).toEqual({ steps: [], apiClientId, handOver: undefined });
  });

  it("finds nothing to do the second time, however many pages Graph's lists have", async () => {
    const { app, byHand, directory, graph } = tenant;
    const other = directory.createApi({ displayName: "other", appRoles: ["One", "Two"] });
    for (const role of ["One", "Two"]) {
      directory.assignRole({ principalObjectId: app.objectId, apiClientId: other.clientId, role });
    }
    await tenant.admin.post(`/applications(appId='${byHand.clientId}')/owners/$ref`, {
      "@odata.id": `https://graph.microsoft.com/v1.0/directoryObjects/${tenant.admin.objectId}`,
    });
    await tenant.run(everything(tenant));
    graph.pageSize = 1;
    expect((await tenant.run(everything(tenant))).steps).toEqual([]);
  });

  it("only says what it would do in a dry run", async () => {
    const before = structuredClone([tenant.directory.applications(), tenant.directory.assignments()]);
    const { steps, handOver } = await tenant.run(everything(tenant), "dry-run");
    expect(steps.map(({ state }) => state)).toEqual(Array(7).fill("planned"));
    expect(handOver).toBeUndefined();
    expect([tenant.directory.applications(), tenant.directory.assignments()]).toEqual(before);
  });

  it("waits for Graph's replicas to know what it has just made", async () => {
    tenant.directory.replication.objects = 6_000;
    const { steps } = await tenant.run(everything(tenant));
    expect(steps.every(({ state }) => state === "done")).toBe(true);
  });

  it("takes what it was too late to see for done", async () => {
    const { apiClientId } = await tenant.run(everything(tenant));
    const before = tenant.directory.assignments();
    tenant.directory.replication.reads = 20_000;
    await tenant.clock.advance(1_000);
    const again = await tenant.run(everything(tenant));
    expect(again.steps.map(({ state }) => state)).toEqual(Array(again.steps.length).fill("done"));
    expect(again.steps.map(({ kind }) => kind)).toContain("assign-app-role");
    expect(again).toMatchObject({ apiClientId, handOver: undefined });
    expect(tenant.directory.assignments()).toEqual(before);
  });

  it("grants the permissions for consent only where they are asked for", async () => {
    await tenant.run({ identity: tenant.app.objectId, permissions: [OWNED_BY, ...CONSENT] });
    expect(held(tenant.app.objectId).sort()).toEqual(
      [OWNED_BY, ...CONSENT].map((one) => `Microsoft Graph ${one}`).sort(),
    );
  });

  it("completes a registration that was made by hand, and takes nothing away", async () => {
    const given = {
      api: tenant.byHand.clientId,
      callers: [{ id: tenant.pipeline.objectId, role: "Automation.Read" as const }],
    };
    await tenant.admin.patch(`/applications(appId='${tenant.byHand.clientId}')`, {
      identifierUris: ["https://example.onmicrosoft.com/kept", `api://${tenant.byHand.clientId}`],
      api: { requestedAccessTokenVersion: 1 },
    });
    const { steps } = await tenant.run(given);
    expect(steps.map(({ kind }) => kind)).toEqual([
      "update-registration",
      "pre-authorize-azure-cli",
      "require-assignment",
      "assign-app-role",
    ]);
    expect(tenant.directory.applications().find(({ appId }) => appId === tenant.byHand.clientId)).toMatchObject({
      identifierUris: ["https://example.onmicrosoft.com/kept", `api://${tenant.byHand.clientId}`],
      api: { requestedAccessTokenVersion: 2 },
    });
    expect((await tenant.run(given)).steps).toEqual([]);
  });

  it("does what it may, and hands the rest over", async () => {
    const { steps, handOver } = await tenant.run(everything(tenant), "apply", tenant.reader.token);
    expect(steps.every(({ state }) => state === "refused")).toBe(true);
    expect(handOver).toContain("Cloud Application Administrator and Privileged Role Administrator");
    expect(tenant.registration()).toBeUndefined();
  });

  it("tells whoever may not even read who could", async () => {
    const { token } = await createCaller(tenant, []);
    await expect(tenant.run(everything(tenant), "dry-run", token)).rejects.toMatchObject({
      message: expect.stringContaining("403"),
      hint: expect.stringContaining("Directory Readers"),
    });
  });

  it("warns the administrator to whom the permissions for consent are handed over, and nobody else", async () => {
    const wish = { identity: tenant.app.objectId };
    const { handOver } = await tenant.run({ ...wish, permissions: [OWNED_BY, ...CONSENT] }, "hand-over");
    expect(handOver).toContain("make itself Global Administrator");
    expect((await tenant.run(wish, "hand-over")).handOver).not.toContain("Global Administrator");
  });

  it("gives Graph's permissions to no identity but a managed one", async () => {
    const { objectId } = tenant.directory.createApi({ displayName: "a tool", appRoles: [] });
    await expect(tenant.run({ identity: objectId })).rejects.toThrow("a tool");
    expect(held(objectId)).toEqual([]);
  });

  it("refuses ids of nothing before it changes anything", async () => {
    await expect(tenant.run({ identity: SOME_ID })).rejects.toThrow("No service principal of this tenant has the id");
    await expect(tenant.run({ ...everything(tenant), adopted: [SOME_ID] })).rejects.toThrow("There is no registration");
    expect(tenant.registration()).toBeUndefined();
  });
});
