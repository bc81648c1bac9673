import { describe, expect, it } from "vitest";
import { openApp } from "./app.ts";

const app = openApp();

describe("POST /api/provision", () => {
  it("shows what it would do and writes nothing when asked for a dry run", async () => {
    app().mark();
    const { status, body } = await app().call("POST", "provision", { dryRun: true });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      converged: false,
      steps: [
        { kind: "create-registration", target: "openmetadata-server", state: "planned" },
        { kind: "create-service-principal", target: "openmetadata-server", state: "planned" },
        { kind: "create-registration", target: "openmetadata-ingestion", state: "planned" },
        { kind: "create-service-principal", target: "openmetadata-ingestion", state: "planned" },
      ],
    });
    expect(app().writes("graph")).toEqual([]);
    expect(
      app()
        .cloud.directory.applications()
        .filter(({ uniqueName }) => uniqueName),
    ).toEqual([]);
  });

  it("creates both registrations with eight requests", async () => {
    app().mark();
    const { body } = await app().post("provision");
    expect(app().requests("graph")).toHaveLength(8);
    const [server, ingestion] = ["openmetadata-server", "openmetadata-ingestion"].map((name) =>
      app()
        .cloud.directory.applications()
        .find(({ uniqueName }) => uniqueName === name),
    );
    const principal = (appId: string | undefined) =>
      app()
        .cloud.directory.servicePrincipals()
        .find((one) => one.appId === appId)?.id;
    expect(body.result).toEqual({
      server: {
        clientId: server?.appId,
        applicationObjectId: server?.id,
        servicePrincipalObjectId: principal(server?.appId),
        appIdUri: `api://${server?.appId}`,
        scope: `api://${server?.appId}/Metadata.Access`,
        redirectUris: [`${app().cloud.urls.openMetadata}/callback`],
      },
      ingestion: {
        clientId: ingestion?.appId,
        applicationObjectId: ingestion?.id,
        servicePrincipalObjectId: principal(ingestion?.appId),
        appIdUri: `api://${ingestion?.appId}`,
      },
      authority: `${app().cloud.urls.entra}/${app().cloud.directory.tenantId}`,
    });
    expect(server).toMatchObject({
      signInAudience: "AzureADMyOrg",
      identifierUris: [`api://${server?.appId}`],
      spa: { redirectUris: [`${app().cloud.urls.openMetadata}/callback`] },
      web: {
        redirectUris: [],
        implicitGrantSettings: { enableAccessTokenIssuance: true, enableIdTokenIssuance: true },
      },
      api: { requestedAccessTokenVersion: 2, oauth2PermissionScopes: [{ value: "Metadata.Access" }] },
      appRoles: [{ value: "Ingestion.Run" }],
    });
    expect(ingestion).toMatchObject({
      web: { redirectUris: [] },
      spa: { redirectUris: [] },
      requiredResourceAccess: [
        {
          resourceAppId: server?.appId,
          resourceAccess: [
            { id: server?.api.oauth2PermissionScopes[0]?.id, type: "Scope" },
            { id: server?.appRoles[0]?.id, type: "Role" },
          ],
        },
      ],
    });
  });

  it("writes nothing the second time, with four requests", async () => {
    app().mark();
    const { body } = await app().post("provision");
    expect(body).toMatchObject({ converged: true, steps: [] });
    expect(app().requests("graph")).toHaveLength(4);
    expect(app().writes("graph")).toEqual([]);
  });
});
