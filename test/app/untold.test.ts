import { parseEnv } from "node:util";
import { beforeAll, describe, expect, it } from "vitest";
import { holdsPiece } from "../../proof/strikes/leaks.ts";
import { amid, answers } from "../../proof/strikes/strike.ts";
import { HOUR, openApp } from "./app.ts";
import { everything, rawCall } from "./raw-call.ts";
import { runTimer, said } from "./trouble.ts";

const TOKEN = "openmetadata-bot-token";
const SECRET = "openmetadata-server-client-secret";
const SECURITY = { service: "openmetadata", path: /\/security\/config$/ } as const;

/** OpenMetadata 1.12.6 tells neither its keys nor its administrators nor whether it enforces the domain. */
const app = openApp({
  release: "1.12.6",
  flow: "auth-code",
  settings: { ROTATION_SCHEDULE: "0 0 11 * * MON", INITIAL_ADMINS: "alice" },
});
const server = () => app().cloud.openMetadata;
const configuration = async (query: string) => {
  const headers = { authorization: `Bearer ${await app().cloud.callerToken(["Automation.Read"])}` };
  return (await rawCall(app(), { method: "GET", path: `configuration${query}`, headers })).text;
};
/** Starts the server as it would with these values the first time: nothing is stored. */
function deploy(values: Record<string, string>): void {
  server().removeSecurityConfiguration();
  server().setEnvironment(values);
  server().restart();
}

beforeAll(async () => {
  for (const path of ["provision", "consent"]) await app().post(path);
});

describe("a server that tells little", () => {
  it("has its bot's token renewed by the app's own identity, which it lets in", async () => {
    const before = server().botMechanism("ingestion-bot");
    await app().clock.advance(HOUR);
    const { body } = await app().post("rotate", { credential: "bot-token", because: "leaver" });
    expect(body.converged).toBe(true);
    expect(server().botMechanism("ingestion-bot")).not.toEqual(before);
    expect(server().botMechanism("ingestion-bot")).toMatchObject({ config: { JWTToken: app().latest(TOKEN)?.value } });
  });

  it("is given its client secret though nobody named the provider, and though the environment comes too late", async () => {
    deploy({ CUSTOM_OIDC_AUTHENTICATION_PROVIDER_NAME: "", OIDC_CLIENT_SECRET: "" });
    server().setEnvironment({ CUSTOM_OIDC_AUTHENTICATION_PROVIDER_NAME: "azure" });
    server().restart();
    const { body } = await app().post("rotate", { credential: "server-client-secret", because: "leaver" });
    expect(body.converged).toBe(true);
    expect(server().clientSecret()).toBe(app().latest(SECRET)?.value);
    expect(server().securityConfiguration().authenticationConfiguration.providerName).toBe("azure");
  });

  it("takes a secret when it was set up with what the app renders, the provider's name included", async () => {
    const rendered = parseEnv(await configuration("?format=docker")) as Record<string, string>;
    expect(rendered.CUSTOM_OIDC_AUTHENTICATION_PROVIDER_NAME).toBe("azure");
    const read = Object.entries(rendered).filter(([name]) =>
      /^(OIDC_(?!TYPE|CLIENT_SECRET)|CUSTOM_|AUTHENTICATION_(PUBLIC|AUTHORITY|CLIENT_ID))/.test(name),
    );
    deploy({ ...Object.fromEntries(read), OIDC_CLIENT_SECRET: app().latest(SECRET)?.value ?? "" });
    await app().clock.advance(HOUR);
    app().mark();
    await app().post("rotate", { credential: "server-client-secret", because: "leaver" });
    expect(server().clientSecret()).toBe(app().latest(SECRET)?.value);
    const patches = app()
      .exchanges.filter(({ method }) => method === "PATCH")
      .map(({ body }) => body);
    expect(patches.some((body) => body.includes("providerName"))).toBe(false);
  });

  it("is not pushed to while its validator would refuse for want of an administrator, and that is said", async () => {
    const principals = server().options.adminPrincipals;
    server().options.adminPrincipals = [];
    const { status, body } = await app().call("POST", "rotate", {
      credential: "server-client-secret",
      because: "leaver",
    });
    server().options.adminPrincipals = principals;
    expect(status).toBe(409);
    expect(body.hint).toContain("add an administrator to authorizerConfiguration.adminPrincipals");
    await app().post("rotate", { credential: "server-client-secret" });
  });

  it("shows nothing of its configuration in an answer or a log, though it puts all of it into an error", async () => {
    const held = "Hunter2.Hunter2-not-one-of-ours";
    const dump = `An exception with message [Failed to patch security configuration: The JSON Object '{"oidcConfiguration":{"secret":"${held}"}}' contains no mapping for the name 'nothing'] was thrown while processing request.`;
    const broken = answers({ ...SECURITY, method: "PATCH" }, { status: 500, body: { code: 500, message: dump } });
    const since = app().log.length;
    const { status, body } = await amid(app(), broken, () =>
      app().call("POST", "rotate", { credential: "server-client-secret", because: "leaver" }),
    );
    expect(status).toBe(503);
    expect(body.detail).toContain("Failed to patch security configuration: The JSON Object '{…}' contains no mapping");
    expect(holdsPiece(JSON.stringify(body) + said(app(), since), [held])).toBe(false);
    await app().post("rotate", { credential: "server-client-secret" });
  });

  it("has the enforcement of its domain rendered as it is, as an administrator is told", async () => {
    const enforce = (value: boolean) => {
      server().options.enforcePrincipalDomain = value;
    };
    expect(await configuration("?format=docker")).toMatch(/^AUTHORIZER_ENFORCE_PRINCIPAL_DOMAIN=false$/m);
    // Enforced, it shuts the app itself out: then nobody tells, and nothing is rendered.
    enforce(true);
    const text = await configuration("?format=docker");
    enforce(false);
    expect(text).not.toMatch(/^AUTHORIZER_ENFORCE_PRINCIPAL_DOMAIN=/m);
    expect(text).toContain("# AUTHORIZER_ENFORCE_PRINCIPAL_DOMAIN is left out");
  });

  it("that shuts the app out says in its refusal why, which its configuration does not tell", async () => {
    server().options.enforcePrincipalDomain = true;
    const { status, body } = await app().call("POST", "rotate", { credential: "bot-token", because: "leaver" });
    server().options.enforcePrincipalDomain = false;
    expect(status).toBe(409);
    expect(body.code).toBe("openmetadata-forbidden");
    expect(body.hint).toContain("set AUTHORIZER_ENFORCE_PRINCIPAL_DOMAIN to false");
  });

  it("that lacks the tenant's keys fails, and it is said which", async () => {
    const [tenant = "", own = ""] = server().options.publicKeyUrls();
    const start = (keys: string[]) => {
      server().setEnvironment({ AUTHENTICATION_PUBLIC_KEYS: `[${keys.join(", ")}]` });
      server().restart();
    };
    start([own]);
    await app().clock.advance(HOUR);
    const { status, body } = await app().call("POST", "rotate", { credential: "bot-token", because: "leaver" });
    start([tenant, own]);
    expect(status).toBe(503);
    expect(body.detail).toContain("keyID doesn't match the configured keyID");
  });
});

describe("POST /api/harden of a server that does not tell whom its environment makes an administrator", () => {
  const defaultAdmin = () =>
    server()
      .users()
      .find(({ name }) => name === "admin");
  const harden = (body: object) => app().call("POST", "harden", body);

  beforeAll(() => {
    const own = app().cloud.app.objectId;
    server().options.adminPrincipals = ["admin", "alice", own];
    server().restart();
  });

  it("claims no success: it says what cannot be seen and what to check, and deletes nothing", async () => {
    const principals = server().options.adminPrincipals;
    // As it is stored in the database; the next start goes by the environment.
    server().options.adminPrincipals = principals.filter((name) => name !== "admin");
    const before = everything(app());
    for (const body of [{}, { dryRun: true }, { adminNotListed: false }]) {
      expect(await harden(body)).toMatchObject({
        status: 409,
        body: {
          code: "default-admin-configured",
          hint: expect.stringMatching(/^Check AUTHORIZER_ADMIN_PRINCIPALS .* again with \{"adminNotListed":true\}$/),
        },
      });
    }
    expect(everything(app())).toBe(before);
    server().options.adminPrincipals = principals;
  });

  it("takes nobody's word while the list that it can see has the account", async () => {
    expect(await harden({ adminNotListed: true })).toMatchObject({
      status: 409,
      body: { hint: expect.stringMatching(/^Remove "admin" from AUTHORIZER_ADMIN_PRINCIPALS/) },
    });
    expect(defaultAdmin()).toBeDefined();
  });

  it("deletes on the word of somebody who has looked, and says that it could not see for itself", async () => {
    const own = app().cloud.app.objectId;
    server().options.adminPrincipals = ["alice", own];
    const { body } = await app().post("harden", { adminNotListed: true });
    expect(body).toMatchObject({
      converged: true,
      steps: [{ kind: "delete-default-admin", state: "done" }],
      result: { defaultAdmin: "absent", unseen: expect.stringContaining("AUTHORIZER_ADMIN_PRINCIPALS") },
    });
    expect(defaultAdmin()).toBeUndefined();
  });

  it("refuses an acknowledgement that is none", async () => {
    expect((await harden({ adminNotListed: "yes" })).status).toBe(400);
  });
});

describe("the timer", () => {
  it("goes on with such a server", async () => {
    await app().clock.advance(HOUR);
    expect(await runTimer(app())).toBe(true);
  });
});
