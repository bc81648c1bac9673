import { describe, expect, it } from "vitest";
import { GRAPH_APP_ID } from "../../local/cloud/directory/microsoft-graph.ts";
import type { Fault } from "../../local/cloud/exchange.ts";
import { amid, answers, refuses } from "../../proof/strikes/strike.ts";
import type { ProblemCode } from "../../shared/problems/problems.ts";
import { statusAnswer } from "../../shared/status/answer.ts";
import { type App, openApp, SECRET } from "./app.ts";

interface Part extends Record<string, unknown> {
  error?: string;
  hint?: string;
  code?: string;
}

interface Told {
  identity: Part & {
    graphPermissions?: { held: string[]; missing: { permission: string; neededFor: string; command: string }[] };
  };
  registrations: { server: Part; ingestion: Part };
  openMetadata: Part;
  credentials: Part[];
}

async function statusOf(app: App): Promise<Told> {
  app.mark();
  const { status, body } = await app.call("GET", "status");
  expect(status).toBe(200);
  expect(statusAnswer.safeParse(body).error).toBeUndefined();
  expect(app.exchanges.filter(({ method }) => method !== "GET")).toEqual([]);
  const [told] = body.deployments as Told[];
  if (!told) throw new Error("Status tells of no deployment");
  return told;
}

/** Names of the parts that could not be read. */
function silent({ identity, registrations, openMetadata, credentials }: Told): string[] {
  const parts: Record<string, Part> = { identity, ...registrations, openMetadata, credential: credentials[0] ?? {} };
  return Object.entries(parts).flatMap(([name, part]) => (part.error === undefined ? [] : [name]));
}

describe("GET /api/status while a service is down", () => {
  const app = openApp();

  it.each<[what: string, fault: () => Fault, silentParts: string[], code: ProblemCode]>([
    ["OpenMetadata", () => refuses({ service: "openmetadata" }), ["openMetadata"], "openmetadata-unreachable"],
    [
      "OpenMetadata behind a log-in page",
      () => answers({ service: "openmetadata" }, { status: 200, body: "<html>sign in</html>" }),
      ["openMetadata"],
      "openmetadata-unreadable",
    ],
    [
      "Microsoft Graph",
      () => refuses({ service: "graph" }),
      ["server", "ingestion", "credential"],
      "graph-unreachable",
    ],
    [
      "Microsoft Graph that refuses",
      () => answers({ service: "graph" }, { status: 400, body: { error: { code: "BadRequest", message: "Broken." } } }),
      ["server", "ingestion", "credential"],
      "graph-refused",
    ],
    ["Key Vault", () => refuses({ service: "key-vault" }), ["credential"], "vault-unreachable"],
  ])("tells of everything but %s, and why not of that", async (_, fault, parts, code) => {
    if (app().held() === undefined) await app().settle();
    const told = await amid(app(), fault(), () => statusOf(app()));
    expect(silent(told)).toEqual(parts);
    const all = [told.identity, told.registrations.server, told.openMetadata, ...told.credentials];
    expect(all.find((part) => part.error)?.code).toBe(code);
    expect(told.openMetadata.url).toBe(app().cloud.urls.openMetadata);
    expect(told.credentials).toMatchObject([{ secret: SECRET }, { credential: "bot-token" }]);
  });

  it("tells of everything but what needs Entra, when that gives the app no token", async () => {
    await app().restart();
    const told = await amid(app(), answers({ service: "entra", path: /\/msi\/token/ }, { status: 400 }), () =>
      statusOf(app()),
    );
    expect(silent(told)).toEqual(["identity", "server", "ingestion", "credential"]);
    expect(told.identity.code).toBe("identity-without-token");
    expect(told.openMetadata).toMatchObject({ version: "1.2.5" });
  });

  it("says what to do where the identity may not read the vault", async () => {
    app().cloud.vault.revoke(app().cloud.app.objectId);
    const told = await statusOf(app());
    expect(silent(told)).toEqual(["credential"]);
    expect(told.credentials[0]).toMatchObject({
      secret: SECRET,
      code: "vault-forbidden",
      hint: expect.stringContaining(
        `\naz role assignment create --role 'Key Vault Secrets Officer' --assignee-object-id ${app().cloud.app.objectId} `,
      ),
    });
  });
});

describe("GET /api/status of the app's identity", () => {
  const app = openApp({ graphPermissions: ["Application.ReadWrite.OwnedBy"] });

  it("lists the permissions that it holds, and what those that it lacks would be for", async () => {
    const { identity } = await statusOf(app());
    expect(identity).toMatchObject({
      objectId: app().cloud.app.objectId,
      graphPermissions: {
        held: ["Application.ReadWrite.OwnedBy"],
        missing: [
          { permission: "DelegatedPermissionGrant.ReadWrite.All", neededFor: expect.stringContaining("/api/consent") },
          { permission: "AppRoleAssignment.ReadWrite.All", neededFor: expect.stringContaining("/api/consent") },
          { permission: "Application.Read.All", neededFor: expect.stringContaining("/api/consent") },
          { permission: "Policy.Read.All", neededFor: expect.stringContaining("limits") },
        ],
      },
    });
  });

  it("names for each that it lacks the command that grants it", async () => {
    const { identity } = await statusOf(app());
    const graph = app()
      .cloud.directory.servicePrincipals()
      .find(({ appId }) => appId === GRAPH_APP_ID);
    for (const { permission, command } of identity.graphPermissions?.missing ?? []) {
      const { objectId } = app().cloud.app;
      expect(command).toContain(`/servicePrincipals/${objectId}/appRoleAssignments`);
      expect(command).toContain(`\\"principalId\\":\\"${objectId}\\"`);
      const id = graph?.own?.appRoles.find(({ value }) => value === permission)?.id;
      expect(command).toContain(`\\"appRoleId\\":\\"${id}\\"`);
    }
  });

  it("says so where it holds none at all", async () => {
    app().cloud.directory.revokeGraphPermission(app().cloud.app.objectId, "Application.ReadWrite.OwnedBy");
    await app().restart();
    const told = await statusOf(app());
    expect(told.identity.graphPermissions?.held).toEqual([]);
    expect(told.identity.graphPermissions?.missing).toHaveLength(5);
    expect(told.registrations.server.hint).toContain("Application.ReadWrite.OwnedBy");
  });

  it("takes the permission over all applications for the one over its own", async () => {
    app().cloud.directory.grantGraphPermission(app().cloud.app.objectId, "Application.ReadWrite.All");
    await app().restart();
    const { identity } = await statusOf(app());
    expect(identity.graphPermissions?.missing.map(({ permission }) => permission)).not.toContain(
      "Application.ReadWrite.OwnedBy",
    );
  });
});

describe("GET /api/status of OpenMetadata", () => {
  const app = openApp();

  it.each<[release: "0.13.3" | "1.2.5" | "1.5.13", forced: string, kind: string, because: RegExp]>([
    ["0.13.3", "auto", "sso", /0\.13\.3 signs bots in with Azure SSO/],
    ["1.2.5", "auto", "sso", /1\.2\.5 signs bots in with Azure SSO/],
    ["1.5.13", "auto", "jwt", /1\.5\.13 does not support/],
    ["1.5.13", "sso", "refused", /BOT_CREDENTIAL is "sso", but/],
    ["1.2.5", "jwt", "jwt", /BOT_CREDENTIAL says so/],
  ])("says of %s with BOT_CREDENTIAL %s: %s, and why", async (release, forced, kind, because) => {
    app().cloud.openMetadata.options.release = release;
    await app().restart({ BOT_CREDENTIAL: forced });
    const { openMetadata } = await statusOf(app());
    expect(openMetadata).toMatchObject({
      version: release,
      bot: "ingestion-bot",
      botCredential: { kind, because: expect.stringMatching(because) },
      obstacles: [],
    });
  });

  it("names each setting that keeps the app's identity out", async () => {
    const { options } = app().cloud.openMetadata;
    options.enforcePrincipalDomain = true;
    options.jwtPrincipalClaims = ["email"];
    options.publicKeyUrls = () => ["https://keys.example.com/jwks"];
    const { openMetadata } = await statusOf(app());
    expect(openMetadata.obstacles).toEqual([
      expect.stringContaining(`add ${app().cloud.urls.entra}`),
      expect.stringContaining("AUTHENTICATION_JWT_PRINCIPAL_CLAIMS"),
      expect.stringContaining("AUTHORIZER_ENFORCE_PRINCIPAL_DOMAIN"),
    ]);
  });

  it("sees no obstacle where the app comes with a stored token instead", async () => {
    await app().restart({ OPENMETADATA_TOKEN_SECRET: "openmetadata-admin-token" });
    expect((await statusOf(app())).openMetadata.obstacles).toEqual([]);
  });
});
