import { describe, expect, it } from "vitest";
import { principalOf, registration } from "./administrator.ts";
import { type App, openApp } from "./app.ts";

const OWNED_BY = "Application.ReadWrite.OwnedBy";
const READ = "Application.Read.All";
const GRANT = "DelegatedPermissionGrant.ReadWrite.All";
const ASSIGN = "AppRoleAssignment.ReadWrite.All";

/** The app roles of Microsoft Graph by these names, the same in every tenant. */
const IDS: Record<string, string> = {
  [GRANT]: "8e8e4742-1d95-4f68-9d56-6ee75648c72a",
  [ASSIGN]: "06b708a9-e830-4db3-a914-8e69da51d44f",
  [READ]: "9a5d68dd-52b0-4cc2-bd40-abcf44ac3a30",
};

/** What a person is told, who gives the identity what it lacks or consents instead of it. */
function refusalNaming(app: App, permissions: string[]) {
  const { urls, directory } = app.cloud;
  const { appId } = registration(app, "openmetadata-server");
  const adminConsentUrls = [`${urls.entra}/${directory.tenantId}/adminconsent?client_id=${appId}`];
  return { permissions, adminConsentUrls };
}

function expectCommands({ cloud }: App, hint: unknown, permissions: string[]): void {
  const lines = String(hint).split("\n");
  const url = `${cloud.urls.graph}/v1.0/servicePrincipals/${cloud.app.objectId}/appRoleAssignments`;
  const commands = lines.filter((line) => line.startsWith(`az rest --method POST --url "${url}" --body`));
  expect(commands).toHaveLength(permissions.length);
  for (const [permission, id] of Object.entries(IDS)) {
    if (permissions.includes(permission)) expect(hint).toContain(id);
    else expect(hint).not.toContain(id);
  }
}

/** The rest goes on: what needs no consent must not suffer from its lack. */
async function expectTheRestToWork(app: App): Promise<void> {
  await app.post("provision");
  await app.post("rotate");
  expect(app.held()).toBe(app.latest()?.value);
  const { status, body } = await app.call("GET", "status");
  expect(status).toBe(200);
  expect(body.deployments).toMatchObject([
    { credentials: [{ current: { stage: "delivered" } }, { credential: "bot-token" }] },
  ]);
  expect(await app.host.runTimer("rotate-on-schedule")).toBe(true);
}

const roleIsAssigned = (app: App): boolean => {
  const ingestion = principalOf(app, registration(app, "openmetadata-ingestion").appId);
  return app.cloud.directory.assignments().some(({ principalId }) => principalId === ingestion);
};

describe.each<[lacking: string, lacks: string[], named: string[], expected: { grants: number; role: boolean }]>([
  [`without ${ASSIGN}`, [ASSIGN], [ASSIGN], { grants: 2, role: false }],
  [`without ${READ}`, [READ], [READ], { grants: 2, role: false }],
  [`without ${GRANT}`, [GRANT], [GRANT], { grants: 0, role: true }],
  ["without either", [GRANT, ASSIGN, READ], [GRANT, ASSIGN, READ], { grants: 0, role: false }],
])("POST /api/consent %s", (_, lacks, named, expected) => {
  const app = openApp({ graphPermissions: [OWNED_BY, READ, GRANT, ASSIGN].filter((one) => !lacks.includes(one)) });

  it("shows all the same what there is to do when asked for a dry run", async () => {
    await app().post("provision");
    const { status, body } = await app().call("POST", "consent", { dryRun: true });
    expect({ status, states: body.steps?.map(({ state }) => state) }).toEqual({
      status: 200,
      states: ["planned", "planned", "planned", "planned"],
    });
  });

  it("says what is missing, and does all the same what it may", async () => {
    const { status, body } = await app().call("POST", "consent");
    expect({ status, body }).toMatchObject({
      status: 409,
      body: {
        code: "consent-forbidden",
        detail: expect.stringContaining(named.join(" and ")),
        ...refusalNaming(app(), named),
      },
    });
    expectCommands(app(), body.hint, named);
    for (const url of body.adminConsentUrls as string[]) expect(String(body.hint).split("\n")).toContain(url);
    expect(app().cloud.directory.grants()).toHaveLength(expected.grants);
    expect(roleIsAssigned(app())).toBe(expected.role);
  });

  it("gives no link for ingestion, which has no redirect URI to return to, but a command and the place in the portal", async () => {
    const hint = String((await app().call("POST", "consent")).body.hint);
    const { appId } = registration(app(), "openmetadata-ingestion");
    expect(hint).not.toMatch(new RegExp(`https://\\S*${appId}`));
    expect(hint.split("\n")).toContain(`az ad app permission admin-consent --id ${appId}`);
    expect(hint).toContain("App registrations > openmetadata-ingestion > API permissions > Grant admin consent");
    expect(hint).toContain("after Accept the browser shows OpenMetadata");
  });

  it("says the same again, and writes nothing more", async () => {
    const before = [app().cloud.directory.grants(), app().cloud.directory.assignments()];
    const { status, body } = await app().call("POST", "consent");
    expect({ status, body }).toMatchObject({ status: 409, body: { permissions: named } });
    expect([app().cloud.directory.grants(), app().cloud.directory.assignments()]).toEqual(before);
  });

  it("leaves provision, rotate, timer and status at work", () => expectTheRestToWork(app()));

  it("grants the rest once the permission is there", async () => {
    for (const permission of lacks) {
      app().cloud.directory.grantGraphPermission(app().cloud.app.objectId, permission);
    }
    await app().restart();
    await app().post("consent");
    expect(app().cloud.directory.grants()).toHaveLength(2);
    expect(roleIsAssigned(app())).toBe(true);
  });
});

describe("POST /api/consent after a person consented by the link", () => {
  const app = openApp({ graphPermissions: [OWNED_BY, READ, GRANT] });

  it("finds nothing to do and misses no permission", async () => {
    await app().post("provision");
    const [server, ingestion] = [registration(app()), registration(app(), "openmetadata-ingestion")];
    app().cloud.directory.assignRole({
      principalObjectId: principalOf(app(), ingestion.appId) ?? "",
      apiClientId: server.appId,
      role: "Ingestion.Run",
    });
    await app().post("consent");
    expect(app().cloud.directory.grants()).toHaveLength(2);
  });
});
