import { parseEnv } from "node:util";
import { describe, expect, it } from "vitest";
import { parse, parseAllDocuments } from "yaml";
import { amid, answers, refuses } from "../../proof/strikes/strike.ts";
import { FORMATS, ONE_AT_A_TIME } from "../../shared/configuration/render.ts";
import { registration } from "./administrator.ts";
import { type App, openApp, TENANT } from "./app.ts";
import { everything, type RawAnswer, rawCall } from "./raw-call.ts";

const app = openApp();

/** Asks as somebody who may read and nothing else. */
async function show(one: App, query: string, roles = ["Automation.Read"]): Promise<RawAnswer> {
  const headers = { authorization: `Bearer ${await one.cloud.callerToken(roles)}` };
  return rawCall(one, { method: "GET", path: `configuration${query}`, headers });
}

/** The client id of a registration of the only deployment. */
const clientId = (name: string): string => registration(app(), `openmetadata-${name}`).appId;

describe("GET /api/configuration", () => {
  it("asks for the registrations first", async () => {
    const { status, json } = await show(app(), "?format=docker");
    expect(status).toBe(409);
    expect(json).toMatchObject({
      code: "registration-missing",
      hint: expect.stringContaining("POST /api/provision"),
    });
  });

  it("renders what the server and the registrations are, and writes nothing", async () => {
    await app().settle();
    const before = everything(app());
    const { status, headers, text } = await show(app(), "?format=docker");
    expect(status).toBe(200);
    expect(headers.get("content-type")).toBe("text/plain; charset=utf-8");
    expect(headers.get("cache-control")).toBe("no-store");
    const { urls, app: own } = app().cloud;
    expect(text).toContain(
      `# OpenMetadata deployment "openmetadata", ${urls.openMetadata}\n# Release 1.2.5 (reported by the server)`,
    );
    expect(parseEnv(text)).toEqual({
      AUTHORIZER_CLASS_NAME: "org.openmetadata.service.security.DefaultAuthorizer",
      AUTHORIZER_REQUEST_FILTER: "org.openmetadata.service.security.JwtFilter",
      AUTHORIZER_ADMIN_PRINCIPALS: `[${own.objectId}]`,
      AUTHORIZER_PRINCIPAL_DOMAIN: "example.com",
      AUTHORIZER_ENFORCE_PRINCIPAL_DOMAIN: "false",
      AUTHENTICATION_PROVIDER: "azure",
      AUTHENTICATION_PUBLIC_KEYS: `[${urls.entra}/${TENANT}/discovery/v2.0/keys,${urls.openMetadata}/api/v1/system/config/jwks]`,
      AUTHENTICATION_AUTHORITY: `${urls.entra}/${TENANT}`,
      AUTHENTICATION_CLIENT_ID: clientId("server"),
      AUTHENTICATION_CALLBACK_URL: `${urls.openMetadata}/callback`,
      AUTHENTICATION_JWT_PRINCIPAL_CLAIMS: "[email,preferred_username,sub]",
    });
    expect(everything(app())).toBe(before);
  });

  it("renders a configuration with which ingestion really signs in", async () => {
    const { headers, text } = await show(app(), "?format=ingestion");
    expect(headers.get("content-type")).toBe("application/yaml; charset=utf-8");
    const { openMetadataServerConfig: config } = parse(text).workflowConfig;
    const [, place] = /--id (\S+)/.exec(text) ?? [];
    const secret = app()
      .cloud.vault.secrets()
      .find(({ name }) => place?.endsWith(`/secrets/${name}`));
    const { clientId, authority, scopes, clientSecret } = config.securityConfig;
    expect(clientSecret).toMatch(/^\$\{[A-Z_]+\}$/);
    const answer = await fetch(`${authority}/oauth2/v2.0/token`, {
      method: "POST",
      body: new URLSearchParams({
        grant_type: "client_credentials",
        client_id: clientId,
        client_secret: secret?.versions.at(-1)?.value ?? "",
        scope: scopes.join(" "),
      }),
    });
    const { access_token: token } = (await answer.json()) as { access_token?: string };
    const me = await fetch(`${config.hostPort}/v1/users/loggedInUser`, {
      headers: { authorization: `Bearer ${token}` },
    });
    expect(await me.json()).toMatchObject({ isBot: true });
  });

  it("holds no secret in any format, for any release", async () => {
    const values = app()
      .cloud.vault.secrets()
      .flatMap(({ versions }) => versions.map(({ value }) => value));
    expect(values.length).toBeGreaterThan(0);
    for (const format of FORMATS) {
      for (const version of ["0.13.3", "1.12.3", "2.0.0"]) {
        const { status, text } = await show(app(), `?format=${format}&version=${version}`);
        expect(status).toBe(200);
        for (const value of values) expect(text).not.toContain(value);
      }
    }
  });

  it("renders for the release that is asked for, whatever the server is", async () => {
    const { text } = await show(app(), "?format=ingestion&version=1.12.3");
    expect(text).toContain("Release 1.12.3 (requested)");
    expect(parse(text).workflowConfig.openMetadataServerConfig.authProvider).toBe("openmetadata");
  });

  it.each(["9.9.9", "1.99.0", "2.7.0"])("remarks that it does not know release %s", async (version) => {
    for (const format of FORMATS) {
      const { status, text } = await show(app(), `?format=${format}&version=${version}`);
      expect(status).toBe(200);
      expect(text).toContain(`# Release ${version} is unknown to this app`);
    }
  });

  it.each(["0.13.3", "1.0.5", "1.13.1", "2.0.1"])("remarks nothing of release %s", async (version) => {
    expect((await show(app(), `?format=docker&version=${version}`)).text).not.toContain("unknown to this app");
  });

  it("keeps the order of the server's claims", async () => {
    const { options } = app().cloud.openMetadata;
    options.jwtPrincipalClaims = ["sub", "preferred_username", "email"];
    const { text } = await show(app(), "?format=docker");
    delete options.jwtPrincipalClaims;
    expect(parseEnv(text).AUTHENTICATION_JWT_PRINCIPAL_CLAIMS).toBe("[sub,preferred_username,email]");
  });

  it("asks for the release while the server cannot be reached, instead of guessing, and does without it when told", async () => {
    const down = refuses({ service: "openmetadata" });
    const { status, json } = await amid(app(), down, () => show(app(), "?format=docker"));
    expect(status).toBe(409);
    expect(json).toMatchObject({ hint: expect.stringContaining("version=1.12.3") });
    const told = await amid(app(), down, () => show(app(), "?format=docker&version=1.12.3"));
    expect(told.status).toBe(200);
    expect(told.text).toContain("because the server did not answer");
  });

  it("asks for the release where the server tells none", async () => {
    const unknown = answers(
      { service: "openmetadata", path: /\/version$/ },
      { status: 200, body: { version: "unknown" } },
    );
    const { status, json } = await amid(app(), unknown, () => show(app(), "?format=docker"));
    expect(status).toBe(409);
    expect(json).toMatchObject({ code: "openmetadata-version-unknown" });
  });

  it.each([
    ["", "query-invalid", ""],
    ["?format=helm", "query-invalid", '"helm"'],
    ["?format=", "query-invalid", '""'],
    ["?format=docker&deployment=other", "deployment-unknown", '"other"'],
    ["?format=docker&version=newest", "query-invalid", '"newest"'],
  ])("answers 400 to %j and says what is wrong", async (query, code, named) => {
    const { status, json } = await show(app(), query);
    expect(status).toBe(400);
    expect(json).toMatchObject({
      code,
      detail: expect.stringContaining(named),
      hint: expect.stringMatching(/^Send /),
    });
  });

  it("needs a token that may read", async () => {
    expect((await show(app(), "?format=docker", ["Other.Role"])).status).toBe(403);
    expect((await show(app(), "?format=docker", ["Automation.Run"])).status).toBe(200);
    expect((await rawCall(app(), { method: "GET", path: "configuration?format=docker" })).status).toBe(401);
  });
});

describe("GET /api/configuration, with several deployments", () => {
  it("renders all of them, each under its heading, and one when it is named", async () => {
    const openMetadataUrl = app().cloud.urls.openMetadata;
    const deployments = ["blue", "green"].map((name) => ({
      name,
      openMetadataUrl,
      initialAdmins: [`${name}@a.example`],
    }));
    await app().restart({ OPENMETADATA_URL: "", PRINCIPAL_DOMAIN: "", DEPLOYMENTS: JSON.stringify(deployments) });
    for (const deployment of ["blue", "green"]) await app().post("provision", { deployment });

    const { text: all } = await show(app(), "?format=bare-metal");
    const admins = parseAllDocuments(all).map((one) => one.toJS().authorizerConfiguration.adminPrincipals);
    const own = app().cloud.app.objectId;
    expect(admins).toEqual([
      ["blue", own],
      ["green", own],
    ]);
    const { text: green } = await show(app(), "?format=bare-metal&deployment=green&version=1.12.3");
    expect(green).toContain('# OpenMetadata deployment "green"');
    expect(green).not.toContain("blue");
  });

  it("says in comments which it leaves out, because they do not answer, and renders the others", async () => {
    const openMetadataUrl = app().cloud.urls.openMetadata;
    const down = { name: "down", openMetadataUrl: "https://down.localhost:9" };
    const unprovisioned = { name: "unprovisioned", openMetadataUrl };
    const DEPLOYMENTS = JSON.stringify([down, { name: "blue", openMetadataUrl }, unprovisioned]);
    await app().restart({ OPENMETADATA_URL: "", PRINCIPAL_DOMAIN: "", DEPLOYMENTS });
    for (const format of FORMATS.filter((one) => !ONE_AT_A_TIME.includes(one))) {
      const { status, text } = await show(app(), `?format=${format}`);
      expect(status).toBe(200);
      const unwrapped = text.replaceAll(/\n#\s*/g, " ");
      expect(unwrapped).toContain('# LEFT OUT. Cannot render the configuration of "down": ');
      expect(unwrapped).toContain('LEFT OUT. Cannot render the configuration of "unprovisioned": ');
      expect(text).toContain('OpenMetadata deployment "blue"');
    }
    const { text } = await show(app(), "?format=bare-metal");
    expect(parseAllDocuments(text).map((one) => Object.keys(one.toJS()))).toHaveLength(1);
    expect(parseEnv((await show(app(), "?format=docker")).text)).toHaveProperty("AUTHENTICATION_PROVIDER");
  });

  it("refuses where none can be rendered, or the one that is named cannot", async () => {
    expect((await show(app(), "?format=docker&deployment=down")).status).toBe(409);
    const { status } = await amid(app(), refuses({ service: "openmetadata" }), () => show(app(), "?format=docker"));
    expect(status).toBe(409);
  });

  it.each(ONE_AT_A_TIME)(
    "renders %s for one that is named, since all in one namespace would share a secret",
    async (format) => {
      const { status, json } = await show(app(), `?format=${format}`);
      expect({ status, code: json?.code }).toEqual({ status: 400, code: "deployment-unknown" });
      const { text } = await show(app(), `?format=${format}&deployment=blue`);
      expect(text).toContain("in the namespace of this OpenMetadata, where there must be no other");
      expect(parseAllDocuments(text).length).toBeGreaterThan(0);
    },
  );

  it("takes a release only for one that is named, because they may differ", async () => {
    const { status, json } = await show(app(), "?format=docker&version=1.12.3");
    expect(status).toBe(400);
    expect(json).toMatchObject({ code: "deployment-unknown" });
  });
});
