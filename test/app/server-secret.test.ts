import { afterEach, describe, expect, it } from "vitest";
import type { Fault } from "../../local/cloud/exchange.ts";
import { amid, answers } from "../../proof/strikes/strike.ts";
import type { App } from "./app.ts";
import { HOUR, MINUTE, openApp } from "./app.ts";
import { runTimer, said } from "./trouble.ts";

const SECRET = "openmetadata-server-client-secret";
const REFERENCE = `@Microsoft.KeyVault(VaultName=openmetadata-kv;SecretName=${SECRET})`;
const SITE =
  "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/openmetadata/providers/Microsoft.Web/sites/openmetadata-server";

/** As the directory says it while it does not know a secret everywhere. */
const INVALID_CLIENT = { error: "invalid_client", error_description: "AADSTS7000215: Invalid client secret provided." };

const rotate = (app: App, body: object = {}) =>
  app.call("POST", "rotate", { credential: "server-client-secret", ...body });
const inEntra = ({ cloud }: App) =>
  cloud.directory.applications().find(({ uniqueName }) => uniqueName === "openmetadata-server")?.secrets ?? [];
/** What the overlap keeps would add up over the tests. */
function removeReplaced(app: App): void {
  for (const { keyId } of inEntra(app)) {
    if (keyId !== app.latest(SECRET)?.tags.keyId) app.cloud.directory.removePasswordByHand(keyId);
  }
}
const done = (steps: { kind: string; state: string }[] | undefined) =>
  (steps ?? []).map(({ kind, state }) => `${kind} ${state}`);

async function provisioned(app: App): Promise<void> {
  for (const path of ["provision", "consent"]) await app.post(path);
}

describe("the server's client secret, OpenMetadata 1.12 with the authorization-code flow", () => {
  const app = openApp({
    release: "1.12.6",
    flow: "auth-code",
    settings: { ROTATION_SCHEDULE: "0 0 */6 * * *" },
  });

  it("is issued, proven and given to the server, which signs in with it before it takes it", async () => {
    await provisioned(app());
    const { status, body } = await rotate(app());
    expect(status).toBe(200);
    expect(done(body.steps)).toEqual(["issue done", "prove done", "promote done", "push done"]);
    expect(app().cloud.openMetadata.clientSecret()).toBe(app().latest(SECRET)?.value);
    expect(app().latest(SECRET)?.tags.deliveredOn).toBeDefined();
    const shown = JSON.stringify((await app().call("GET", "status")).body);
    expect(shown).toContain('"credential":"server-client-secret"');
    expect(shown).not.toContain(app().latest(SECRET)?.value);
  });

  afterEach(() => removeReplaced(app()));

  it.each([
    ["OIDC_SCOPE", (): string => "openid email", 'add offline_access to oidcConfiguration.scope (now: "openid email")'],
    [
      "OIDC_DISCOVERY_URI",
      (): string => `${app().cloud.urls.entra}/v2.0/.well-known/openid-configuration`,
      "set oidcConfiguration.discoveryUri to https://",
    ],
    [
      "AUTHENTICATION_PUBLIC_KEYS",
      (): string => `[${app().cloud.urls.entra}/common/discovery/v2.0/keys]`,
      "to publicKeyUrls",
    ],
    [
      "OIDC_CLIENT_ID",
      (): string => "00000000-0000-0000-0000-000000000000",
      "(now: 00000000-0000-0000-0000-000000000000)",
    ],
    ["AUTHENTICATION_CLIENT_TYPE", (): string => "public", "set up the authorization code flow"],
  ] as const)("is kept from a server whose %s is wrong, and what belongs there is said", async (name, wrong, told) => {
    const { openMetadata } = app().cloud;
    const held = openMetadata.clientSecret() ?? "";
    const right = settingsOf(openMetadata.securityConfiguration())[name];
    const start = (value: string) => {
      openMetadata.removeSecurityConfiguration();
      openMetadata.setEnvironment({ [name]: value, OIDC_CLIENT_SECRET: held });
      openMetadata.restart();
    };
    start(wrong());
    const { status, body } = await rotate(app(), { because: "leaver" });
    expect(status).toBe(409);
    expect(body.code).toBe("sign-in-configuration-wrong");
    expect(body.hint).toContain(told);
    expect(body.hint).toContain("GET /api/configuration");
    start(right);
    expect(openMetadata.clientSecret()).toBe(held);
    expect((await rotate(app())).status).toBe(200);
    expect(openMetadata.clientSecret()).toBe(app().latest(SECRET)?.value);
  });

  it("that OpenMetadata's own sign-in refuses is said to be, and pushed by the next run", async () => {
    const { openMetadata } = app().cloud;
    const held = openMetadata.clientSecret();
    const fault: Fault = ({ service, path, headers }) =>
      service === "entra" && path.endsWith("/token") && headers.get("user-agent") === "openmetadata-server"
        ? { kind: "answer", response: () => Response.json(INVALID_CLIENT, { status: 401 }) }
        : undefined;
    const { status, body } = await amid(app(), fault, () => rotate(app(), { because: "leaver" }));
    expect(status).toBe(503);
    expect(body.code).toBe("secret-refused");
    expect(openMetadata.clientSecret()).toBe(held);
    await app().clock.advance(5 * MINUTE);
    expect(await runTimer(app())).toBe(true);
    expect(openMetadata.clientSecret()).toBe(app().latest(SECRET)?.value);
  });
});

/** The parts of a security configuration by the names that the environment has for them. */
function settingsOf({
  authenticationConfiguration: settings,
}: ReturnType<App["cloud"]["openMetadata"]["securityConfiguration"]>) {
  return {
    OIDC_SCOPE: settings.oidcConfiguration?.scope ?? "",
    OIDC_DISCOVERY_URI: settings.oidcConfiguration?.discoveryUri ?? "",
    OIDC_CLIENT_ID: settings.oidcConfiguration?.id ?? "",
    AUTHENTICATION_PUBLIC_KEYS: `[${settings.publicKeyUrls?.join(", ")}]`,
    AUTHENTICATION_CLIENT_TYPE: settings.clientType ?? "",
  };
}

describe("the client secret of a server that reads it from its environment, on App Service", () => {
  describe.each([
    ["OpenMetadata 1.5, which knows no other way", "1.5.13", {}],
    ["OpenMetadata 2.0, whose environment decides", "2.0.0", { SECURITY_CONFIG_SOURCE: "ENV" }],
  ] as const)("%s", (_, release, more) => {
    const settings = { APP_SERVICE_ID: SITE, APP_SERVICE_RESTART: "true" };
    const app = openApp({ release, flow: "auth-code", settings });

    let site: Awaited<ReturnType<App["cloud"]["hostOnAppService"]>> | undefined;

    it("is read by the platform again, seen there, and the site restarted with it, once", async () => {
      site = await app().cloud.hostOnAppService({ settings: { OIDC_CLIENT_SECRET: REFERENCE, ...more } });
      await provisioned(app());
      await rotate(app());
      const before = site.starts();
      await app().clock.advance(HOUR);
      const { status, body } = await rotate(app(), { because: "leaver" });
      expect(status).toBe(200);
      expect(done(body.steps)).toEqual(["issue done", "prove done", "promote done", "push done"]);
      expect(app().cloud.openMetadata.clientSecret()).toBe(app().latest(SECRET)?.value);
      expect(site.starts()).toBe(before + 1);
      await app().clock.advance(2 * HOUR);
      expect(app().latest(SECRET)?.tags.confirmedOn).toBeDefined();
      expect(site.starts()).toBe(before + 1);
      expect(app().cloud.people.refusals()).toEqual([]);
    });

    it("waits while another operation on the site is in progress", async () => {
      removeReplaced(app());
      site?.busy(50);
      const { status, body } = await rotate(app(), { because: "leaver" });
      expect(status).toBe(503);
      expect(body).toMatchObject({ code: "app-service-unavailable", upstream: { status: 409 } });
      site?.busy(0);
      await app().clock.advance(5 * MINUTE);
      expect(await runTimer(app())).toBe(true);
      expect(app().cloud.openMetadata.clientSecret()).toBe(app().latest(SECRET)?.value);
    });
  });

  describe("without leave to restart it", () => {
    const settings = { APP_SERVICE_ID: SITE };
    const app = openApp({ release: "1.5.13", flow: "auth-code", settings });

    it("is taken to be in use a day later, and so it is said", async () => {
      const site = await app().cloud.hostOnAppService({ settings: { OIDC_CLIENT_SECRET: REFERENCE } });
      await provisioned(app());
      const { status, body } = await rotate(app());
      expect(status).toBe(200);
      expect(done(body.steps)).toEqual(["issue done", "prove done", "promote done", "push waiting"]);
      expect(body.later).toContainEqual(expect.objectContaining({ kind: "push", credential: "server-client-secret" }));
      expect(said(app())).toContain(
        'App Service "openmetadata-server" has read the secret; restart the site to use it',
      );
      expect(app().latest(SECRET)?.tags.deliveredOn).toBeUndefined();
      expect(site.starts()).toBe(1);
      await app().clock.advance(25 * HOUR);
      expect(app().latest(SECRET)?.tags.deliveredOn).toBeDefined();
      expect(app().cloud.openMetadata.clientSecret()).toBe(app().latest(SECRET)?.value);
    });
  });

  describe.each([
    ["names no such secret", { settings: {} }, "app-service-misconfigured", "\n@Microsoft.KeyVault(VaultName="],
    [
      "does not let the app in",
      { settings: { OIDC_CLIENT_SECRET: REFERENCE }, contributor: false },
      "app-service-forbidden",
      "Website Contributor",
    ],
    [
      "refers to one version",
      { settings: { OIDC_CLIENT_SECRET: REFERENCE.replace(")", ";SecretVersion=0123456789abcdef0123456789abcdef)") } },
      "app-service-misconfigured",
      "remove the version from the reference",
    ],
  ])("that %s", (_, site, code, hint) => {
    const settings = { APP_SERVICE_ID: SITE, APP_SERVICE_RESTART: "true" };
    const app = openApp({ release: "1.5.13", flow: "auth-code", settings });

    it("keeps the secret current in the vault, and is told what to do", async () => {
      await app().cloud.hostOnAppService(site);
      await provisioned(app());
      const answer = await rotate(app());
      expect(answer.status).toBe(409);
      expect(answer.body.code).toBe(code);
      expect(answer.body.hint).toContain(hint);
      expect(app().latest(SECRET)?.tags.deliveredOn).toBeUndefined();
    });
  });

  describe("that a lock keeps from being changed", () => {
    const app = openApp({
      release: "1.5.13",
      flow: "auth-code",
      settings: { APP_SERVICE_ID: SITE, APP_SERVICE_RESTART: "true" },
    });

    it("is told as such, and gets the secret once the lock is gone", async () => {
      const site = await app().cloud.hostOnAppService({ settings: { OIDC_CLIENT_SECRET: REFERENCE } });
      await provisioned(app());
      const error = {
        code: "ScopeLocked",
        message: "cannot perform write operation because following scope(s) are locked",
      };
      const locked = answers({ service: "arm", method: "POST" }, { status: 409, body: { error } });
      const answer = await amid(app(), locked, () => rotate(app()));
      expect(answer).toMatchObject({ status: 409, body: { code: "app-service-locked" } });
      expect(answer.body.hint).toContain("az lock list");
      await rotate(app());
      expect(app().cloud.openMetadata.clientSecret()).toBe(app().latest(SECRET)?.value);
      expect(site.starts()).toBeGreaterThan(1);
    });
  });
});

describe("the client secret of a server whose environment is filled from the vault by something else", () => {
  const app = openApp({ release: "1.5.13", flow: "auth-code", settings: {} });

  it("is taken to be read when the time set for that has passed, and so it is said", async () => {
    await provisioned(app());
    const { status, body } = await rotate(app());
    expect(status).toBe(200);
    expect(body.converged).toBe(true);
    const until = (body.later as { kind: string; on: string }[]).find(({ kind }) => kind === "push")?.on ?? "";
    expect(new Date(until).getTime() - app().clock.now().getTime()).toBeGreaterThan(23 * HOUR);
    expect(await runTimer(app())).toBe(true);
    expect(app().latest(SECRET)?.tags.deliveredOn).toBeUndefined();
    expect(await told(app())).toMatchObject({
      verdict: "healthy",
      current: { stage: "current", readUntil: until },
      later: expect.arrayContaining([
        { kind: "push", on: until, target: expect.any(String), waits: "readers-pending" },
      ]),
      conditions: expect.arrayContaining([
        expect.objectContaining({ type: "Delivered", status: "False", reason: "readers-pending", verdict: "healthy" }),
      ]),
    });
    expect(await told(app())).not.toHaveProperty("dueNow");
    await app().clock.advance(25 * HOUR);
    expect(app().latest(SECRET)?.tags.deliveredOn).toBeDefined();
    expect(await told(app())).toMatchObject({
      current: { delivery: "assumed" },
      conditions: expect.arrayContaining([
        expect.objectContaining({ type: "Delivered", status: "True", reason: "assumed" }),
      ]),
    });
    expect(said(app())).toContain("assumed read after the waiting time; not verified");
  });

  it("has no time after a leak: the old one goes at once", async () => {
    const [old] = inEntra(app());
    const { status } = await rotate(app(), { because: "compromised", revokeOld: true });
    expect(status).toBe(200);
    expect(inEntra(app()).map(({ keyId }) => keyId)).not.toContain(old?.keyId);
  });
});

/** What status tells of the server's client secret. */
async function told(app: App): Promise<object> {
  const { body } = await app.call("GET", "status");
  const [deployment] = body.deployments as { credentials: { credential: string }[] }[];
  return deployment?.credentials.find(({ credential }) => credential === "server-client-secret") ?? {};
}

describe("a deployment with the implicit flow", () => {
  const app = openApp();

  it("has no client secret of the server to rotate", async () => {
    const { status, body } = await rotate(app());
    expect(status).toBe(400);
    expect(body.hint).toContain('"ingestion-client-secret", "bot-token"');
  });
});
