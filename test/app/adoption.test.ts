import { describe, expect, it } from "vitest";
import { asAdministrator, principalOf } from "./administrator.ts";
import { type App, openApp } from "./app.ts";

const GRAPH = "00000003-0000-0000-c000-000000000000";
const OTHER_OWNER = "6f9b3b1e-2f0f-4f4e-8a53-6a0c3f0f7a11";
const SCOPE_BY_HAND = "11d2a7a0-51c5-4d0b-9a2e-3c4ab2a6f001";

const app = openApp();
/** Client ids of the registrations made by hand. */
const made = { server: "", ingestion: "" };

const adopting = (): Record<string, string> => ({ SERVER_CLIENT_ID: made.server, INGESTION_CLIENT_ID: made.ingestion });

function registrationOf({ cloud }: App, clientId: string) {
  return cloud.directory.applications().find(({ appId }) => appId === clientId);
}

/** As OpenMetadata's guide has them made in the portal: no name for the app to know them by. */
async function makeByHand(): Promise<void> {
  const { directory } = app().cloud;
  made.server = directory.createApi({ displayName: "OpenMetadata", appRoles: ["Ingestion.Run", "Steward"] }).clientId;
  made.ingestion = directory.createApi({ displayName: "OpenMetadata ingestion", appRoles: [] }).clientId;
  directory.addPasswordByHand(made.ingestion, { displayName: "made in the portal" });
  for (const clientId of Object.values(made)) directory.addOwner(clientId, OTHER_OWNER);
  await asAdministrator(app(), "PATCH", {
    path: `/applications(appId='${made.server}')`,
    body: {
      spa: { redirectUris: ["https://old.example.com/callback"] },
      api: {
        oauth2PermissionScopes: [
          {
            id: SCOPE_BY_HAND,
            value: "Metadata.Access",
            adminConsentDisplayName: "OpenMetadata",
            adminConsentDescription: "OpenMetadata",
          },
        ],
      },
      requiredResourceAccess: [
        { resourceAppId: GRAPH, resourceAccess: [{ id: "e1fe6dd8-ba31-4d61-89e7-88639da4683d", type: "Scope" }] },
      ],
      optionalClaims: { idToken: [{ name: "upn" }] },
    },
  });
}

describe("POST /api/provision with registrations made by hand", () => {
  it("refuses a client id that no application has, and makes nothing in its place", async () => {
    await makeByHand();
    const before = app().cloud.directory.applications();
    await app().restart({ ...adopting(), SERVER_CLIENT_ID: "7b0a2f52-0000-4000-8000-000000000000" });
    app().mark();
    const { status, body } = await app().call("POST", "provision");
    expect({ status, body }).toMatchObject({
      status: 409,
      body: {
        code: "registration-missing",
        detail: expect.stringContaining("7b0a2f52-0000-4000-8000-000000000000"),
        hint: expect.stringContaining("SERVER_CLIENT_ID"),
      },
    });
    expect(app().writes("graph")).toEqual([]);
    expect(app().cloud.directory.applications()).toEqual(before);
  });

  it("says how to make the identity an owner where it is none, and changes nothing", async () => {
    const before = app().cloud.directory.applications();
    await app().restart(adopting());
    const { status, body } = await app().call("POST", "provision");
    expect({ status, body }).toMatchObject({
      status: 409,
      body: { code: "registration-forbidden", hint: expect.stringContaining("\naz ad app owner add --id") },
    });
    expect(app().cloud.directory.applications()).toEqual(before);
  });

  it("adds what is missing to what is there, in two requests, and makes no others", async () => {
    const { directory, urls, app: identity } = app().cloud;
    for (const clientId of Object.values(made)) directory.addOwner(clientId, identity.objectId);
    const [server, ingestion] = [registrationOf(app(), made.server), registrationOf(app(), made.ingestion)];
    const count = directory.applications().length;
    app().mark();
    const { body } = await app().post("provision");
    expect(app().writes("graph")).toHaveLength(2);
    expect(body.result).toMatchObject({
      server: { clientId: made.server, servicePrincipalObjectId: principalOf(app(), made.server) },
      ingestion: { clientId: made.ingestion },
    });
    expect(directory.applications()).toHaveLength(count);
    expect(registrationOf(app(), made.server)).toMatchObject({
      displayName: "OpenMetadata",
      uniqueName: null,
      identifierUris: server?.identifierUris,
      owners: [OTHER_OWNER, identity.objectId],
      spa: { redirectUris: ["https://old.example.com/callback", `${urls.openMetadata}/callback`] },
      web: { implicitGrantSettings: { enableAccessTokenIssuance: true, enableIdTokenIssuance: true } },
      optionalClaims: {
        idToken: [{ name: "upn" }, { name: "email" }],
        accessToken: [{ name: "email" }, { name: "idtyp" }],
      },
    });
    expect(registrationOf(app(), made.server)?.requiredResourceAccess[0]?.resourceAccess).toHaveLength(5);
    expect(registrationOf(app(), made.ingestion)?.secrets).toEqual(ingestion?.secrets);
  });

  it("takes scope and role made by hand for its own, by the ids that they have", () => {
    const server = registrationOf(app(), made.server);
    const role = server?.appRoles.find(({ value }) => value === "Ingestion.Run")?.id;
    expect(server?.api.oauth2PermissionScopes.map(({ id }) => id)).toEqual([SCOPE_BY_HAND]);
    expect(server?.appRoles.map(({ value }) => value)).toEqual(["Ingestion.Run", "Steward"]);
    expect(registrationOf(app(), made.ingestion)?.requiredResourceAccess).toEqual([
      {
        resourceAppId: made.server,
        resourceAccess: [
          { id: SCOPE_BY_HAND, type: "Scope" },
          { id: role, type: "Role" },
        ],
      },
    ]);
  });

  it("writes nothing the second time", async () => {
    app().mark();
    const { body } = await app().post("provision");
    expect(body.steps).toEqual([]);
    expect(app().requests("graph")).toHaveLength(4);
    expect(app().writes("graph")).toEqual([]);
  });

  it("consents and rotates them like its own, and leaves the secret made by hand", async () => {
    await app().post("consent");
    await app().post("rotate");
    const names = registrationOf(app(), made.ingestion)?.secrets.map(({ displayName }) => displayName);
    expect(names).toEqual(["made in the portal", expect.stringMatching(/^managed by openmetadata-entra /)]);
  });
});
