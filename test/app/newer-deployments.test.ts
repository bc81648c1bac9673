import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createOpenMetadata, type OpenMetadata } from "../../local/cloud/openmetadata/create-openmetadata.ts";
import { type Served, serve } from "../../local/cloud/serve.ts";
import { registration } from "./administrator.ts";
import { type App, DAY, HOUR, MINUTE, openApp } from "./app.ts";
import { runTimer } from "./trouble.ts";

const QUIET = { ROTATION_SCHEDULE: "0 0 11 * * MON" };
const token = (server: OpenMetadata) => {
  const mechanism = server.botMechanism("ingestion-bot");
  return mechanism?.authType === "JWT" ? mechanism.config.JWTToken : undefined;
};
const clientSecret = (server: OpenMetadata) => {
  const mechanism = server.botMechanism("ingestion-bot");
  return mechanism?.authType === "SSO" ? mechanism.config.authConfig?.clientSecret : undefined;
};
const kinds = (body: { steps?: { kind: string; state: string }[] }) =>
  (body.steps ?? []).map((step) => `${(step as { credential?: string }).credential}: ${step.kind} ${step.state}`);

describe("a deployment whose server lets in nobody of another domain, and the app with a bot's token", () => {
  const ADMIN = "openmetadata-admin-token";
  const settings = { ...QUIET, OPENMETADATA_TOKEN_SECRET: ADMIN };
  const app = openApp({ release: "1.12.6", flow: "auth-code", settings });

  beforeAll(() => {
    const { openMetadata, vault } = app().cloud;
    openMetadata.options.enforcePrincipalDomain = true;
    openMetadata.options.adminPrincipals = ["admin"];
    vault.setByHand(ADMIN, openMetadata.adminBotToken());
    openMetadata.addPipeline({ name: "warehouse", deployed: true });
  });

  it("has all of its credentials issued, delivered, confirmed and renewed", async () => {
    const { cloud, clock } = app();
    for (const path of ["provision", "consent", "rotate"]) await app().post(path);
    await app().post("rotate", { credential: "bot-token", because: "it never ends" });
    const first = { token: token(cloud.openMetadata), secret: cloud.openMetadata.clientSecret() };
    expect(app().latest("openmetadata-bot-token")?.value).toBe(first.token);
    expect(app().latest("openmetadata-server-client-secret")?.value).toBe(first.secret);
    await runTimer(app());
    await clock.advance(61 * DAY);
    expect(await runTimer(app())).toBe(true);
    await clock.advance(HOUR);
    expect(await runTimer(app())).toBe(true);
    const second = { token: token(cloud.openMetadata), secret: cloud.openMetadata.clientSecret() };
    expect(second.token).not.toBe(first.token);
    expect(second.secret).not.toBe(first.secret);
    for (const name of ["bot-token", "server-client-secret"]) {
      expect(app().latest(`openmetadata-${name}`)?.tags.confirmedOn).toBeDefined();
    }
  });

  it("needs nothing of Entra's for that: the app's own identity is refused there", async () => {
    await app().restart(QUIET);
    const { status, body } = await app().call("POST", "rotate", { credential: "bot-token", because: "leaver" });
    expect({ status, body }).toMatchObject({
      status: 409,
      body: {
        code: "openmetadata-forbidden",
        hint: expect.stringContaining("OPENMETADATA_TOKEN_SECRET"),
      },
    });
  });
});

describe("two deployments of different releases in one app", () => {
  const app = openApp({ release: "1.12.6", flow: "auth-code", settings: QUIET });
  let old: OpenMetadata;
  let served: Served;

  beforeAll(async () => {
    const { cloud, clock } = app();
    const { directory, urls, certificate, wire } = cloud;
    const authority = `${urls.entra}/${directory.tenantId}`;
    old = createOpenMetadata({
      clock,
      release: "1.2.5",
      principalDomain: "example.com",
      adminPrincipals: ["admin", cloud.app.objectId],
      publicKeyUrls: () => [`${authority}/discovery/v2.0/keys`, `${served.url}/api/v1/system/config/jwks`],
      clientId: () => registration(app(), "old-server").appId,
      authority: () => authority,
    });
    // Its answers are those of another release than the one by whose schemas the cloud's are judged.
    const own = { ...wire, onExchange: [] };
    served = await serve(old.app, { service: "openmetadata", host: "openmetadata.localhost", certificate, wire: own });
    old.addPipeline({ name: "lake", deployed: true });
    cloud.openMetadata.addPipeline({ name: "warehouse", deployed: true });
    const deployments = [
      { name: "openmetadata", openMetadataUrl: urls.openMetadata, signInFlow: "auth-code" },
      { name: "old", openMetadataUrl: served.url },
    ].map((one) => ({ ...one, principalDomain: "example.com" }));
    const given = {
      OPENMETADATA_URL: "",
      PRINCIPAL_DOMAIN: "",
      SIGN_IN_FLOW: "",
      DEPLOYMENTS: JSON.stringify(deployments),
    };
    await app().restart({ ...QUIET, ...given });
    for (const deployment of ["openmetadata", "old"]) {
      for (const path of ["provision", "consent"]) await app().post(path, { deployment });
    }
  });
  afterAll(() => served.close());

  it("gives each what its release can hold", async () => {
    const newer = await app().call("POST", "rotate", { deployment: "openmetadata" });
    expect(newer.status).toBe(200);
    expect(kinds(newer.body)).toContain("server-client-secret: push done");
    expect(kinds(newer.body)).toContain("bot-token: promote done");
    const older = await app().call("POST", "rotate", { deployment: "old" });
    expect(older.status).toBe(200);
    expect(kinds(older.body).filter((line) => line.startsWith("bot-token"))).toEqual([]);
    expect(clientSecret(old)).toBe(app().latest("old-ingestion-client-secret")?.value);
    expect(app().latest("old-bot-token")).toBeUndefined();
    expect(token(app().cloud.openMetadata)).toBe(app().latest("openmetadata-bot-token")?.value);
    expect(app().cloud.openMetadata.clientSecret()).toBe(app().latest("openmetadata-server-client-secret")?.value);
  });

  it("renews all of them by one run of the timer", async () => {
    await app().post("rotate", { deployment: "openmetadata", credential: "bot-token", because: "it never ends" });
    const before = [clientSecret(old), token(app().cloud.openMetadata), app().cloud.openMetadata.clientSecret()];
    await runTimer(app());
    await app().clock.advance(61 * DAY);
    expect(await runTimer(app())).toBe(true);
    await app().clock.advance(HOUR);
    expect(await runTimer(app())).toBe(true);
    const after = [clientSecret(old), token(app().cloud.openMetadata), app().cloud.openMetadata.clientSecret()];
    for (const [place, value] of after.entries()) expect(value).not.toBe(before[place]);
    expect(after).toEqual([
      app().latest("old-ingestion-client-secret")?.value,
      app().latest("openmetadata-bot-token")?.value,
      app().latest("openmetadata-server-client-secret")?.value,
    ]);
  });

  it("goes on with the one while the server of the other is down", async () => {
    await served.close();
    const { status } = await app().call("POST", "rotate", {
      deployment: "openmetadata",
      credential: "bot-token",
      because: "leaver",
    });
    expect(status).toBe(200);
    expect((await app().call("POST", "rotate", { deployment: "old", because: "leaver" })).status).toBe(503);
    expect(clientSecret(old)).not.toBe(app().latest("old-ingestion-client-secret")?.value);
  });
});

describe("BOT_CREDENTIAL", () => {
  const opened = async (app: App): Promise<void> => {
    app.cloud.openMetadata.addPipeline({ name: "warehouse", deployed: true });
    for (const path of ["provision", "consent"]) await app.post(path);
  };

  describe("jwt, with OpenMetadata 1.2", () => {
    const app = openApp({ settings: { ...QUIET, BOT_CREDENTIAL: "jwt" } });
    beforeAll(() => opened(app()));

    it("has the bot's token rotated, which 1.2 knows as well, and the bot never given a client secret", async () => {
      const { openMetadata } = app().cloud;
      const before = token(openMetadata);
      // A token tells the second of its issue only.
      await app().clock.advance(MINUTE);
      await app().post("rotate", { because: "leaver" });
      expect(token(openMetadata)).not.toBe(before);
      expect(token(openMetadata)).toBe(app().latest("openmetadata-bot-token")?.value);
      expect(openMetadata.pipelines()[0]?.pinned).toMatchObject({ config: { JWTToken: token(openMetadata) } });
      expect(clientSecret(openMetadata)).toBeUndefined();
    });
  });

  describe("sso, with OpenMetadata 1.12", () => {
    const app = openApp({ release: "1.12.6", settings: { ...QUIET, BOT_CREDENTIAL: "sso" } });
    beforeAll(() => opened(app()));

    it("is refused with the reason, and the bot keeps its token", async () => {
      const before = token(app().cloud.openMetadata);
      const { status, body } = await app().call("POST", "rotate", {});
      expect({ status, body }).toMatchObject({
        status: 409,
        body: {
          code: "openmetadata-release-unsupported",
          hint: expect.stringContaining("Correct BOT_CREDENTIAL"),
        },
      });
      expect(token(app().cloud.openMetadata)).toBe(before);
      expect(app().latest("openmetadata-bot-token")).toBeUndefined();
    });

    it("leaves the deployment without a token to rotate", async () => {
      const { status, body } = await app().call("POST", "rotate", { credential: "bot-token" });
      expect({ status, body }).toMatchObject({
        status: 400,
        body: { code: "credential-unknown" },
      });
    });
  });
});
