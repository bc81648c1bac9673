import { describe, expect, it } from "vitest";
import { principalOf, registration } from "./administrator.ts";
import { openApp } from "./app.ts";

/** Microsoft Graph, and of its delegated permissions openid, profile, email, offline_access and User.Read. */
const GRAPH = "00000003-0000-0000-c000-000000000000";
const SIGN_IN = [
  "37f7f235-527c-4136-accd-4a02d197296e",
  "14dad69e-099b-42c9-810b-d002981feec1",
  "64a6cdd6-aab1-4aaf-94b8-3cc8405e90d0",
  "7427e0e9-2fba-42fe-b0c0-848c9e6a8182",
  "e1fe6dd8-ba31-4d61-89e7-88639da4683d",
];
const claim = (name: string) => ({ name, source: null, essential: false, additionalProperties: [] });

/** Ids of scope and role in the first tenant, to be found again in the second. */
let exposed: (string | undefined)[] = [];

describe("POST /api/provision", () => {
  const app = openApp();

  it("shows what it would do and writes nothing when asked for a dry run", async () => {
    app().mark();
    const { status, body } = await app().call("POST", "provision", { dryRun: true });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      deployment: "openmetadata",
      converged: false,
      steps: [
        { kind: "create-registration", target: "openmetadata-server", state: "planned" },
        { kind: "create-service-principal", target: "openmetadata-server", state: "planned" },
        { kind: "create-registration", target: "openmetadata-ingestion", state: "planned" },
        { kind: "create-service-principal", target: "openmetadata-ingestion", state: "planned" },
      ],
      result: { server: { redirectUris: [`${app().cloud.urls.openMetadata}/callback`] } },
    });
    expect(app().writes("graph")).toEqual([]);
    expect(
      app()
        .cloud.directory.applications()
        .flatMap(({ uniqueName }) => uniqueName ?? []),
    ).toEqual([]);
  });

  it("creates both registrations with seven requests, and answers with their ids", async () => {
    app().mark();
    const { body } = await app().post("provision");
    expect(app().requests("graph")).toHaveLength(7);
    const [server, ingestion] = [registration(app()), registration(app(), "openmetadata-ingestion")];
    expect(body.result).toEqual({
      server: {
        clientId: server.appId,
        applicationObjectId: server.id,
        servicePrincipalObjectId: principalOf(app(), server.appId),
        appIdUri: `api://${server.appId}`,
        scope: `api://${server.appId}/Metadata.Access`,
        redirectUris: [`${app().cloud.urls.openMetadata}/callback`],
      },
      ingestion: {
        clientId: ingestion.appId,
        applicationObjectId: ingestion.id,
        servicePrincipalObjectId: principalOf(app(), ingestion.appId),
      },
      authority: `${app().cloud.urls.entra}/${app().cloud.directory.tenantId}`,
    });
  });

  it("gives the server registration all that signing in needs, and nothing else", () => {
    const server = registration(app());
    expect(server).toMatchObject({
      displayName: "openmetadata-server",
      signInAudience: "AzureADMyOrg",
      identifierUris: [`api://${server.appId}`],
      spa: { redirectUris: [`${app().cloud.urls.openMetadata}/callback`] },
      web: {
        redirectUris: [],
        implicitGrantSettings: { enableAccessTokenIssuance: true, enableIdTokenIssuance: true },
      },
      publicClient: { redirectUris: [] },
      api: {
        requestedAccessTokenVersion: 2,
        oauth2PermissionScopes: [{ value: "Metadata.Access", type: "User", isEnabled: true }],
      },
      appRoles: [{ value: "Ingestion.Run", allowedMemberTypes: ["Application"], isEnabled: true }],
      requiredResourceAccess: [{ resourceAppId: GRAPH, resourceAccess: SIGN_IN.map((id) => ({ id, type: "Scope" })) }],
      optionalClaims: { idToken: [claim("email")], accessToken: [claim("email"), claim("idtyp")], saml2Token: [] },
      owners: [app().cloud.app.objectId],
      secrets: [],
    });
  });

  it("gives the ingestion registration scope and role of the server, and nobody a way to sign in to it", () => {
    const [server, ingestion] = [registration(app()), registration(app(), "openmetadata-ingestion")];
    exposed = [server.api.oauth2PermissionScopes[0]?.id, server.appRoles[0]?.id];
    expect(ingestion).toMatchObject({
      signInAudience: "AzureADMyOrg",
      identifierUris: [],
      web: {
        redirectUris: [],
        implicitGrantSettings: { enableAccessTokenIssuance: false, enableIdTokenIssuance: false },
      },
      spa: { redirectUris: [] },
      publicClient: { redirectUris: [] },
      api: { requestedAccessTokenVersion: 2, oauth2PermissionScopes: [] },
      appRoles: [],
      requiredResourceAccess: [
        {
          resourceAppId: server.appId,
          resourceAccess: [
            { id: exposed[0], type: "Scope" },
            { id: exposed[1], type: "Role" },
          ],
        },
      ],
      owners: [app().cloud.app.objectId],
    });
  });

  it("makes one service principal for each, to which everybody in the tenant may still sign in", () => {
    for (const name of ["openmetadata-server", "openmetadata-ingestion"]) {
      const { appId } = registration(app(), name);
      const principals = app().cloud.directory.servicePrincipals();
      expect(principals.filter((one) => one.appId === appId)).toMatchObject([
        { accountEnabled: true, appRoleAssignmentRequired: false },
      ]);
    }
  });

  it("writes nothing the second time, with four requests", async () => {
    app().mark();
    const { body } = await app().post("provision");
    expect(body).toMatchObject({ converged: true, steps: [] });
    expect(app().requests("graph")).toHaveLength(4);
    expect(app().writes("graph")).toEqual([]);
  });
});

describe("POST /api/provision for an OpenMetadata without https", () => {
  const app = openApp({
    settings: {
      OPENMETADATA_URL: "http://catalogue.internal:8585",
      OPENMETADATA_ALLOW_HTTP: "true",
      EXTRA_REDIRECT_URIS: "https://catalogue.example.com/callback",
    },
  });

  it("registers the address of people alone, because Entra takes no other", async () => {
    const { status, body } = await app().call("POST", "provision", {});
    expect({ status, body }).toMatchObject({ status: 200 });
    expect(body.result).not.toHaveProperty("warnings");
    expect(registration(app()).spa.redirectUris).toEqual(["https://catalogue.example.com/callback"]);
  });
});

describe("POST /api/provision with the authorization-code flow", () => {
  const app = openApp({
    settings: {
      SIGN_IN_FLOW: "auth-code",
      EXTRA_REDIRECT_URIS: "https://catalogue.example.com/callback, http://localhost:8585/callback",
    },
  });

  it("registers all redirect URIs for the Web platform, and lets no token out at the authorization endpoint", async () => {
    const { body } = await app().post("provision");
    const redirectUris = [
      `${app().cloud.urls.openMetadata}/callback`,
      "https://catalogue.example.com/callback",
      "http://localhost:8585/callback",
    ];
    expect(registration(app())).toMatchObject({
      spa: { redirectUris: [] },
      web: {
        redirectUris,
        implicitGrantSettings: { enableAccessTokenIssuance: false, enableIdTokenIssuance: false },
      },
    });
    expect(body.result).toMatchObject({ server: { redirectUris } });
  });

  it("gives scope and role the ids that they have in every tenant of the same id", () => {
    const server = registration(app());
    expect([server.api.oauth2PermissionScopes[0]?.id, server.appRoles[0]?.id]).toEqual(exposed);
    expect(new Set(exposed).size).toBe(2);
  });
});
