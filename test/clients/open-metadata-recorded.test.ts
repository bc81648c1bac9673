import { afterEach, describe, expect, it } from "vitest";
import { administrators } from "../../shared/clients/open-metadata/administrators.ts";
import { botTokens } from "../../shared/clients/open-metadata/bot-tokens.ts";
import { bots } from "../../shared/clients/open-metadata/bots.ts";
import { openMetadataCalls } from "../../shared/clients/open-metadata/calls.ts";
import { fullSettings } from "../../shared/clients/open-metadata/full-settings.ts";
import { pipelines } from "../../shared/clients/open-metadata/pipelines.ts";
import { securityConfiguration } from "../../shared/clients/open-metadata/security-configuration.ts";
import { system } from "../../shared/clients/open-metadata/system.ts";
import { type Replay, replay } from "../recordings/replay.ts";
import { RELEASES, type RecordedRelease, type Row, recordedRows, SKIPPED } from "../recordings/rows.ts";

const NOON = new Date("2026-11-27T12:00:00Z");
const BOT = "ingestion-bot";

let server: Replay | undefined;
afterEach(async () => {
  expect(server?.unknown ?? []).toEqual([]);
  await server?.close();
  server = undefined;
});

/** The app's client, in front of what was recorded of a release. */
async function open(release: RecordedRelease, only: (row: Row) => boolean = () => true) {
  const rows = recordedRows(release).filter(only);
  server = await replay(rows);
  const calls = openMetadataCalls(server.url, async () => "our-own-token");
  const security = securityConfiguration(calls);
  const told = system(calls);
  const client = { ...told, ...bots(calls), ...pipelines(calls), ...administrators(calls) };
  return {
    rows,
    ...client,
    tokens: botTokens(calls),
    security,
    settings: fullSettings(told.signInConfiguration, security),
  };
}

/** Ids of what the rows tell of, by the path that asks for it. */
const ids = (rows: readonly Row[], path: RegExp) => [
  ...new Set(rows.filter(({ status }) => status === 200).flatMap((row) => path.exec(row.path)?.[1] ?? [])),
];
const inBrackets = /^\/v1\/users\/auth-mechanism\/([\da-f-]{36})$/;

describe.skipIf(SKIPPED !== undefined)("the app's client reads what real servers answered", () => {
  it.each([
    ["0.13.2", "0.13.2"],
    ["1.1.0", "1.1.0-SNAPSHOT"],
    ["1.2.0", "1.2.0-SNAPSHOT"],
    ["1.6.0", "1.6.0-SNAPSHOT"],
    ["1.12.6", "1.12.6"],
  ] as const)("finds out that %s is one", async (release, version) => {
    expect(await (await open(release)).version()).toBe(version);
  });

  it.each(["0.13.2", "1.1.0", "1.2.0"] as const)("is told everything of sign-in by %s", async (release) => {
    const { signInConfiguration } = await open(release);
    expect(await signInConfiguration()).toMatchObject({
      provider: "azure",
      publicKeyUrls: [expect.stringContaining("/discovery/v2.0/keys"), expect.stringContaining("/config/jwks")],
      jwtPrincipalClaims: ["email", "preferred_username", "sub"],
      principalDomain: "example.com",
      enforcePrincipalDomain: false,
      adminPrincipals: ["admin", expect.any(String)],
    });
  });

  it("knows of 1.12.6 that keys, administrators and enforcement are not told, which is not that there are none", async () => {
    const { signInConfiguration } = await open("1.12.6");
    const { publicKeyUrls, enforcePrincipalDomain, adminPrincipals, ...told } = await signInConfiguration();
    expect([publicKeyUrls, enforcePrincipalDomain, adminPrincipals]).toEqual([undefined, undefined, undefined]);
    expect(told).toMatchObject({ clientType: "confidential", principalDomain: "example.com" });
  });

  it("is told them as an administrator", async () => {
    const { settings, security } = await open("1.12.6", ({ status }) => status === 200);
    const found = await settings();
    expect(found.publicKeyUrls).toEqual([
      expect.stringContaining("/discovery/v2.0/keys"),
      expect.stringContaining("/config/jwks"),
    ]);
    expect(found).toMatchObject({ enforcePrincipalDomain: false, adminPrincipals: undefined });
    expect(found.storedAdmins).toHaveLength(1);
    expect(await security.read()).toMatchObject({
      provider: "azure",
      clientType: "confidential",
      oidc: { showsSecret: false, scope: "offline_access openid email profile" },
    });
  });

  it.each(RELEASES)("finds the bot of %s, its user, and how that signs in", async (release) => {
    const { rows, bot, mechanism, tokens } = await open(release, ({ status }) => status !== 401);
    const found = await bot(BOT);
    expect(found).toMatchObject({ name: BOT, userId: expect.stringMatching(/^[\da-f-]{36}$/) });
    for (const id of ids(rows, inBrackets)) {
      const { authType, azure } = await mechanism(id);
      if (authType === "SSO") expect(azure?.scopes).toBeDefined();
      const held = await tokens.held(id);
      expect(held?.userId).toBe(id);
    }
    expect(ids(rows, inBrackets).length).toBeGreaterThan(0);
  });

  it.each(["0.13.2", "1.1.0", "1.2.0", "1.12.6"] as const)(
    "finds users of %s, and knows one that is not there",
    async (release) => {
      const { rows, user } = await open(release);
      const byName = /^\/v1\/users\/name\/([^?]+)\?fields=roles$/;
      for (const row of rows.filter(({ method, path }) => method === "GET" && byName.test(path))) {
        const found = await user(byName.exec(row.path)?.[1] ?? "");
        if (row.status !== 404)
          expect(found).toMatchObject({ version: expect.any(Number), updatedBy: expect.any(String) });
      }
      expect(rows.some(({ path, status }) => byName.test(path) && status === 404)).toBe(true);
    },
  );

  it.each(RELEASES.filter((release) => release !== "0.13.2"))(
    "lists the pipelines of %s, and which of them run",
    async (release) => {
      const { pipelines: list, running, rows } = await open(release, ({ answer }) => !isEmptyList(answer));
      expect(await list()).toContainEqual({
        id: expect.any(String),
        name: "warehouse-metadata",
        deployed: expect.any(Boolean),
      });
      const told = rows.some(({ path }) => path.includes("fields=pipelineStatuses"));
      if (told) expect(await running(NOON)).toEqual({ running: expect.any(Array), deployed: expect.any(Number) });
    },
  );

  it("deploys one by one where all at once is an unknown path, which 1.1 answers as its own failure", async () => {
    const { rows, deploy } = await open("1.1.0");
    const [id = ""] = rows.flatMap(({ path }) => /\/deploy\/([\da-f-]{36})$/.exec(path)?.[1] ?? []);
    expect(await deploy([{ id, name: "warehouse-metadata", deployed: true }], 1000)).toEqual([
      { pipeline: "warehouse-metadata", ok: true, reason: "" },
    ]);
  });

  it.each(["1.2.0", "1.6.0", "1.12.6"] as const)("deploys all at once in %s", async (release) => {
    const { deploy } = await open(release, ({ answer }) => !JSON.stringify(answer).includes("not found"));
    const [one] = await deploy([{ id: "any", name: "orders", deployed: true }], 1000);
    expect(one).toMatchObject({ pipeline: "orders", ok: true });
  });

  it.each(["1.2.0", "1.12.6"] as const)("counts the administrators of %s", async (release) => {
    const { administrators: list } = await open(release, ({ name }) => name !== "np admins");
    expect(await list()).toEqual(
      expect.arrayContaining([{ name: expect.any(String), email: expect.any(String), isBot: false }]),
    );
  });

  it("repeats nothing of a configuration that 1.12.6 puts into its words", async () => {
    const dumps = recordedRows("1.12.6").filter(({ answer }) => JSON.stringify(answer).includes("The JSON Object"));
    expect(dumps.length).toBeGreaterThan(1);
    for (const dump of dumps) {
      server = await replay([dump]);
      const security = securityConfiguration(openMetadataCalls(server.url, async () => "our-own-token"));
      const said = await security
        .replaceSecret("x".repeat(40), { namesProvider: false })
        .catch(({ message }: Error) => message);
      expect(said).toMatch(/answered 500 ".*The JSON Object '\{…\}' contains no mapping/);
      expect(said).not.toMatch(/secret"|clientId|authority/);
      await server.close();
      server = undefined;
    }
  });

  it("tells the provider's missing name, as 1.12.6 refuses a secret without", async () => {
    const { security } = await open("1.12.6", ({ name, method }) => method !== "PATCH" || name === "secret only");
    expect(await security.replaceSecret("x".repeat(40), { namesProvider: false })).toEqual({
      kind: "refused",
      errors: [{ field: "authenticationConfiguration.providerName", error: "Provider name is required" }],
    });
  });
});

function isEmptyList(answer: unknown): boolean {
  const { data } = (answer ?? {}) as { data?: unknown[] };
  return Array.isArray(data) && data.length === 0;
}
