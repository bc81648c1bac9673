import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { QUICKSTART_KEY_ID } from "../../local/cloud/openmetadata/options.ts";
import { amid, answers, type Meant, refuses, strike } from "../../proof/strikes/strike.ts";
import type { Finding } from "../../shared/hygiene/finding.ts";
import { asAdministrator, registration } from "./administrator.ts";
import { MINUTE, openApp } from "./app.ts";
import { everything } from "./raw-call.ts";

interface Drift {
  findings: Finding[];
  unread: { what: string; error: string; hint?: string }[];
}

const OPENMETADATA = { service: "openmetadata" } as const;
const AUTH = { ...OPENMETADATA, path: /\/config\/auth$/ };
const app = openApp({ settings: { INITIAL_ADMINS: "alice" } });

/** Drift of the only deployment; reading it has written nothing. */
async function drift(): Promise<Drift> {
  const before = everything(app());
  const { status, body } = await app().call("GET", "status");
  expect(status).toBe(200);
  expect(everything(app())).toBe(before);
  const [deployment] = body.deployments as { drift: Drift }[];
  if (!deployment) throw new Error("Status tells of no deployment");
  return deployment.drift;
}

const kinds = async (): Promise<string[]> => (await drift()).findings.map(({ kind }) => kind);
const finding = async (kind: string): Promise<Finding | undefined> =>
  (await drift()).findings.find((one) => one.kind === kind);

/** The server answers as it does, but for some properties. */
function shows(where: Meant, properties: Record<string, unknown>) {
  const response = async (original: Response): Promise<Response> =>
    Response.json({ ...((await original.json()) as object), ...properties });
  return strike(where, () => ({ kind: "after", response }));
}

/** A server as it ought to be, apart from the notice that its principal domain is not enforced. */
const asItOughtToBe = ["principal-domain"];

beforeAll(async () => {
  const { openMetadata, app: own } = app().cloud;
  await app().settle();
  openMetadata.options.adminPrincipals = ["alice", own.objectId];
  openMetadata.restart();
  await app().post("harden");
});

describe("GET /api/status of a server and registrations that are as they were provisioned", () => {
  it("has no finding but the principal domain, and leaves nothing unread", async () => {
    expect(await drift()).toEqual({
      findings: [
        {
          kind: "principal-domain",
          severity: "notice",
          what: expect.stringContaining("does not enforce its principal domain"),
          do: expect.stringMatching(/^Keep it this way: .* lock out this app and ingestion/),
        },
      ],
      unread: [],
    });
  });

  it.each(["0.13.3", "1.2.2"] as const)("has none in release %s either", async (release) => {
    const { options } = app().cloud.openMetadata;
    options.release = release;
    expect(await kinds()).toEqual(asItOughtToBe);
    options.release = "1.2.5";
  });

  it("says as whom the server knows the app", async () => {
    const { body } = await app().call("GET", "status");
    expect(body.deployments).toMatchObject([
      { openMetadata: { access: { user: app().cloud.app.objectId, isAdmin: true } } },
    ]);
  });
});

describe("GET /api/status tells drift of the server", () => {
  afterEach(async () => {
    expect(await kinds()).toEqual(asItOughtToBe);
  });

  it.each<[property: string, value: string, kind: string, todo: () => string]>([
    ["clientId", "d0f0d9b4-0000-4000-8000-000000000000", "client-id", () => registration(app()).appId],
    ["authority", "https://login.microsoftonline.com/common", "authority", () => app().cloud.settings.TENANT_ID ?? ""],
    [
      "callbackUrl",
      "http://localhost:8585/callback",
      "callback-url",
      () => `${app().cloud.urls.openMetadata}/callback`,
    ],
    ["provider", "basic", "provider", () => "AUTHENTICATION_PROVIDER to azure"],
  ])("in %s, and what to set", async (property, value, kind, todo) => {
    const found = await amid(app(), shows(AUTH, { [property]: value }), () => finding(kind));
    expect(found).toMatchObject({ what: expect.stringContaining(value), do: expect.stringContaining(todo()) });
  });

  it("in its keys, the tenant's and its own", async () => {
    const { options } = app().cloud.openMetadata;
    const keys = options.publicKeyUrls;
    const [tenant = "", own = ""] = keys();
    options.publicKeyUrls = () => [`${app().cloud.urls.entra}/common/discovery/keys`, own];
    expect(await finding("tenant-keys")).toMatchObject({ severity: "warning", do: expect.stringContaining(tenant) });
    options.publicKeyUrls = () => [tenant];
    expect(await finding("own-keys")).toMatchObject({ severity: "critical", do: expect.stringContaining(own) });
    options.publicKeyUrls = () => [tenant, own, "https://keys.example.com/jwks"];
    expect(await finding("foreign-keys")).toMatchObject({ what: expect.stringContaining("keys.example.com") });
    options.publicKeyUrls = keys;
  });

  it("in the key pair with which it signs", async () => {
    const { options, restart } = app().cloud.openMetadata;
    options.jwtKeyId = QUICKSTART_KEY_ID;
    restart();
    const { findings } = await drift();
    expect(findings[0]).toMatchObject({ kind: "quickstart-key", severity: "critical" });
    options.jwtKeyId = "of nobody else";
    restart();
  });

  it("in the default admin, once it is back", async () => {
    const { options, restart } = app().cloud.openMetadata;
    const principals = options.adminPrincipals;
    options.adminPrincipals = [...principals, "admin"];
    expect(await finding("default-admin")).toMatchObject({ what: expect.stringContaining("restart recreates it") });
    restart();
    expect(await finding("default-admin")).toMatchObject({
      what: expect.stringContaining("still exists"),
      do: expect.stringMatching(/^Remove "admin" from .*, then call POST \/api\/harden/),
    });
    options.adminPrincipals = principals;
    expect(await finding("default-admin")).toMatchObject({ do: expect.stringMatching(/^Call POST \/api\/harden/) });
    await app().post("harden");
  });

  it("in a client secret that the bot was given before the server was upgraded", async () => {
    const { options } = app().cloud.openMetadata;
    options.release = "1.5.13";
    expect(await finding("sso-ignored")).toMatchObject({
      severity: "critical",
      what: expect.stringContaining("OpenMetadata 1.5.13 ignores"),
      do: expect.stringContaining('{"credential":"bot-token"}'),
    });
    options.release = "1.2.5";
  });

  it("in the client type", async () => {
    const { options } = app().cloud.openMetadata;
    options.release = "1.5.13";
    const other = shows(AUTH, { clientType: "confidential" });
    expect(await amid(app(), other, () => finding("client-type"))).toMatchObject({
      severity: "critical",
      do: expect.stringContaining("AUTHENTICATION_CLIENT_TYPE to public"),
    });
    // Stale in some releases, so it says nothing.
    const stale = shows(AUTH, { responseType: "code" });
    expect(await amid(app(), stale, () => finding("client-type"))).toBeUndefined();
    options.release = "1.2.5";
  });

  it("in a bot that there is not", async () => {
    const { openMetadata } = app().cloud;
    expect(openMetadata.bots().map(({ name }) => name)).not.toContain("my-bot");
    await app().restart({ BOT_NAME: "my-bot", INITIAL_ADMINS: "alice" });
    expect(await finding("no-bot")).toMatchObject({ what: expect.stringContaining('"my-bot"') });
    await app().restart();
  });

  it("not in a principal domain that is enforced", async () => {
    app().cloud.openMetadata.options.enforcePrincipalDomain = true;
    const found = await drift();
    app().cloud.openMetadata.options.enforcePrincipalDomain = false;
    expect(found.findings).toEqual([]);
    // The app itself is shut out then, so these remain unknown, and are not taken for good.
    expect(found.unread.map(({ what }) => what)).toEqual([
      "whether the default admin exists",
      'the credential of bot "ingestion-bot"',
    ]);
  });
});

describe("GET /api/status tells drift of the registrations", () => {
  it("where a redirect URI is gone and tokens are issued otherwise than the flow needs; provisioning mends it", async () => {
    const { appId } = registration(app());
    await asAdministrator(app(), "PATCH", {
      path: `/applications(appId='${appId}')`,
      body: {
        spa: { redirectUris: ["https://other.example.com/callback"] },
        web: { implicitGrantSettings: { enableAccessTokenIssuance: false, enableIdTokenIssuance: true } },
      },
    });
    expect(await finding("registration")).toEqual({
      kind: "registration",
      severity: "warning",
      what: `Registration "openmetadata-server" (client ID ${appId}) differs in redirect URIs, implicit flow`,
      do: expect.stringContaining("POST /api/provision"),
    });
    await app().post("provision");
    expect(await kinds()).toEqual(asItOughtToBe);
    expect(registration(app()).spa.redirectUris).toContain("https://other.example.com/callback");
  });

  it("where the flow was changed in the settings and nowhere else", async () => {
    await app().restart({ SIGN_IN_FLOW: "auth-code", INITIAL_ADMINS: "alice" });
    const { findings } = await drift();
    expect(findings).toMatchObject([
      { kind: "client-type", severity: "critical", do: expect.stringContaining("SIGN_IN_FLOW") },
      { kind: "registration", what: expect.stringMatching(/"openmetadata-server".* redirect URIs, implicit flow$/) },
      { kind: "principal-domain" },
    ]);
    await app().restart();
  });

  it("where ingestion lost its permission on the server", async () => {
    const { appId } = registration(app(), "openmetadata-ingestion");
    await asAdministrator(app(), "PATCH", {
      path: `/applications(appId='${appId}')`,
      body: { requiredResourceAccess: [] },
    });
    expect(await finding("registration")).toMatchObject({
      what: expect.stringMatching(/"openmetadata-ingestion" .* differs in API permissions$/),
    });
    await app().post("provision");
  });
});

describe("GET /api/status where a part of the server cannot be read", () => {
  const ALL_BUT_REGISTRATIONS = [
    "how the server signs people in",
    "whose tokens the server accepts",
    "whether the server enforces its principal domain",
    "the server's own keys",
    "whether the default admin exists",
    'the credential of bot "ingestion-bot"',
  ];
  const refusal = (status: number, message: string) => ({ status, body: { code: status, message } });
  const page = { status: 404, body: "<html>Not found</html>" };

  it.each<[what: string, where: Meant, unread: string[], answer?: { status: number; body: unknown }]>([
    ["all", OPENMETADATA, ALL_BUT_REGISTRATIONS],
    ["the keys", { ...OPENMETADATA, path: /\/config\/jwks$/ }, ["the server's own keys"]],
    ["the sign-in configuration", AUTH, ALL_BUT_REGISTRATIONS.filter((what) => !/own keys|bot/.test(what))],
    ["users, for a proxy", { ...OPENMETADATA, path: /users\/name\/admin/ }, ["whether the default admin exists"], page],
    [
      "who we are",
      { ...OPENMETADATA, path: /loggedInUser/ },
      ["whether the default admin exists", 'the credential of bot "ingestion-bot"'],
      refusal(401, "Expired token!"),
    ],
    [
      "the bot",
      { ...OPENMETADATA, path: /bots\/name/ },
      ['the credential of bot "ingestion-bot"'],
      refusal(403, "not admin"),
    ],
  ])("says of %s why, and goes on with the others", async (_, where, unread, answer) => {
    const fault = answer ? answers(where, answer) : refuses(where);
    const found = await amid(app(), fault, () => drift());
    expect(found.unread.map(({ what }) => what)).toEqual(unread);
    for (const { error } of found.unread) expect(error).toMatch(/^Cannot .*OpenMetadata (answered|does not answer)/);
    const told = unread.some((what) => what.includes("principal domain")) ? [] : asItOughtToBe;
    expect(found.findings.map(({ kind }) => kind)).toEqual(told);
  });

  it("does not take the default admin for gone because the server does not know the app", async () => {
    const { urls, openMetadata, app: own } = app().cloud;
    const answer = await fetch(`${urls.openMetadata}/api/v1/users/name/${own.objectId}?hardDelete=true`, {
      method: "DELETE",
      headers: { authorization: `Bearer ${openMetadata.adminBotToken()}` },
    });
    expect(answer.status).toBe(200);
    const { body } = await app().call("GET", "status");
    expect(body.deployments).toMatchObject([
      {
        openMetadata: {
          access: {
            code: "openmetadata-forbidden",
            hint: expect.stringContaining(`Add ${own.objectId} to AUTHORIZER_ADMIN_PRINCIPALS`),
          },
        },
        drift: {
          unread: expect.arrayContaining([expect.objectContaining({ what: "whether the default admin exists" })]),
        },
      },
    ]);
    openMetadata.restart();
  });
});

describe.each([
  ["1.12.6", "implicit"],
  ["1.12.6", "auth-code"],
  ["2.0.0", "auth-code"],
] as const)("GET /api/status of OpenMetadata %s with the %s flow", (release, flow) => {
  const fresh = openApp({ release, flow, settings: { INITIAL_ADMINS: "alice" } });

  it("has no finding but the principal domain once everything is set up", async () => {
    const { openMetadata, app: own } = fresh().cloud;
    openMetadata.options.adminPrincipals = ["alice", own.objectId];
    openMetadata.restart();
    for (const path of ["provision", "consent"]) await fresh().post(path);
    await fresh().post("harden", { adminNotListed: true });
    const { body } = await fresh().call("GET", "status");
    const [{ drift: found, openMetadata: told }] = body.deployments as [{ drift: Drift; openMetadata: object }];
    expect(found).toMatchObject({ findings: [{ kind: "principal-domain" }], unread: [] });
    expect(told).toMatchObject({ obstacles: [], access: { isAdmin: true } });
  });

  it("judges keys and the domain by what it is told as an administrator", async () => {
    const { options } = fresh().cloud.openMetadata;
    const keys = options.publicKeyUrls;
    const [tenant = "", own = ""] = keys();
    options.publicKeyUrls = () => [tenant, own, "https://keys.example.com/jwks"];
    const { body } = await fresh().call("GET", "status");
    options.publicKeyUrls = keys;
    const [{ drift: found }] = body.deployments as [{ drift: Drift }];
    expect(found.findings.map(({ kind }) => kind)).toEqual(["foreign-keys", "principal-domain"]);
  });

  it("says that it cannot see what the bot holds, where that may be a client secret of no use", async () => {
    const fault = answers({ ...OPENMETADATA, path: /auth-mechanism/ }, { status: 403, body: { code: 403 } });
    const { body } = await amid(fresh(), fault, () => fresh().call("GET", "status"));
    const [{ drift: found }] = body.deployments as [{ drift: Drift }];
    expect(found.unread.map(({ what }) => what)).toEqual(['the credential of bot "ingestion-bot"']);
  });

  it("says what it cannot know where it is no administrator, and takes nothing for right or wrong", async () => {
    const { openMetadata, app: own } = fresh().cloud;
    const me = openMetadata.users().find(({ name }) => name === own.objectId);
    const asAdmin = (isAdmin: boolean) =>
      fetch(`${fresh().cloud.urls.openMetadata}/api/v1/users/${me?.id}`, {
        method: "PATCH",
        headers: {
          authorization: `Bearer ${openMetadata.adminBotToken()}`,
          "content-type": "application/json-patch+json",
        },
        body: JSON.stringify([{ op: "replace", path: "/isAdmin", value: isAdmin }]),
      });
    expect((await asAdmin(false)).status).toBe(200);
    await fresh().clock.advance(4 * MINUTE);
    const { body } = await fresh().call("GET", "status");
    const [{ drift: found }] = body.deployments as [{ drift: Drift }];
    expect(found.findings).toEqual([]);
    const untold = found.unread.filter(({ error }) =>
      error.startsWith("The server shows this setting to administrators only"),
    );
    expect(untold.map(({ what }) => what)).toEqual([
      "whose tokens the server accepts",
      "whether the server enforces its principal domain",
    ]);
    await asAdmin(true);
    await fresh().clock.advance(4 * MINUTE);
  });

  it("reads in the refusal of its token that the principal domain is enforced, which is told nowhere else", async () => {
    const { openMetadata } = fresh().cloud;
    openMetadata.options.enforcePrincipalDomain = true;
    const { body } = await fresh().call("GET", "status");
    openMetadata.options.enforcePrincipalDomain = false;
    expect(body.deployments).toMatchObject([
      { openMetadata: { obstacles: [expect.stringMatching(/^set AUTHORIZER_ENFORCE_PRINCIPAL_DOMAIN to false/)] } },
    ]);
  });
});
