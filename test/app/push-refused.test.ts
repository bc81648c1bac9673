import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { anew, HOUR, openApp } from "./app.ts";
import { removeReplaced, runTimer, said } from "./trouble.ts";

const TOKEN_SECRET = "openmetadata-admin-token";

describe.each([
  ["1.3.4", "sso"],
  ["1.6.0", "sso"],
] as const)("OpenMetadata %s with BOT_CREDENTIAL=%s", (release, credential) => {
  const app = openApp({ release, settings: { BOT_CREDENTIAL: credential } });

  it("is refused the client secret, which stays current, with the reason in answer, log and status", async () => {
    for (const path of ["provision", "consent"]) await app().post(path);
    app().cloud.ingestion.start();
    app().mark();
    const { status, body } = await app().call("POST", "rotate");
    expect(status).toBe(409);
    expect(body).toMatchObject({ code: "openmetadata-release-unsupported", detail: expect.stringContaining(release) });
    expect(body.hint).toContain("Correct BOT_CREDENTIAL");
    expect(await runTimer(app())).toBe(true);
    await app().clock.advance(2 * HOUR);
    expect(await runTimer(app())).toBe(false);
    expect(said(app())).toContain(`failed (${body.code}): ${body.detail}. ${body.hint}`);
    expect(app().writes("openmetadata")).toEqual([]);
    const { tags } = app().latest() ?? {};
    expect(tags).toMatchObject({ keyId: app().inEntra()[0]?.keyId });
    expect(tags?.deliveredOn).toBeUndefined();
    expect(app().cloud.eventGrid.deliveries().at(-1)?.status).toBe(500);
    const shown = await app().call("GET", "status");
    expect(JSON.stringify(shown.body)).toContain(`OpenMetadata ${release} does not support`);
    expect(app().cloud.openMetadata.botMechanism("ingestion-bot")?.authType).toBe("JWT");
    expect(app().cloud.ingestion.refusals()).toEqual([]);
  });
});

describe("a server that does not let the app in", () => {
  const app = openApp();

  /** What an administrator of OpenMetadata does to the app's user. */
  const asAdmin = async (method: string, path: string, body?: unknown) => {
    const { urls, openMetadata } = app().cloud;
    const answer = await fetch(`${urls.openMetadata}/api/v1/users/${path}`, {
      method,
      headers: {
        authorization: `Bearer ${openMetadata.adminBotToken()}`,
        "content-type": "application/json-patch+json",
      },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    expect(answer.status).toBe(200);
  };
  const me = () => app().cloud.app.objectId;

  beforeAll(async () => {
    for (const path of ["provision", "consent"]) await app().post(path);
    app().cloud.ingestion.start();
  });
  afterEach(async () => {
    const { options, restart } = app().cloud.openMetadata;
    Object.assign(options, { enforcePrincipalDomain: false, jwtPrincipalClaims: undefined });
    restart();
    await app().clock.advance(HOUR);
    expect(app().held()).toBe(app().latest()?.value);
    expect(app().cloud.ingestion.refusals()).toEqual([]);
    removeReplaced(app());
  });

  it.each([
    {
      because: "its public keys lack the tenant's",
      names: "to AUTHENTICATION_PUBLIC_KEYS",
      make: async () => {
        const { options } = app().cloud.openMetadata;
        options.publicKeyUrls = () => [`${app().cloud.urls.openMetadata}/api/v1/system/config/jwks`];
      },
    },
    {
      because: "its claims lack sub",
      names: 'append "sub" to AUTHENTICATION_JWT_PRINCIPAL_CLAIMS',
      make: async () => {
        app().cloud.openMetadata.options.jwtPrincipalClaims = ["email", "preferred_username"];
      },
    },
    {
      because: "it insists on the principal domain",
      names: "AUTHORIZER_ENFORCE_PRINCIPAL_DOMAIN",
      make: async () => {
        app().cloud.openMetadata.options.enforcePrincipalDomain = true;
      },
    },
    {
      because: "it does not know the app's user",
      names: "AUTHORIZER_ADMIN_PRINCIPALS",
      make: () => asAdmin("DELETE", `name/${me()}?hardDelete=true`),
    },
    {
      because: "the app's user is no administrator",
      names: "AUTHORIZER_ADMIN_PRINCIPALS",
      make: async () => {
        const user = app()
          .cloud.openMetadata.users()
          .find(({ name }) => name === me());
        await asAdmin("PATCH", `${user?.id}`, [{ op: "replace", path: "/isAdmin", value: false }]);
      },
    },
  ])("because $because is told what to change, and nothing is written to it", async ({ names, make }) => {
    const { options } = app().cloud.openMetadata;
    const keys = options.publicKeyUrls;
    await make();
    app().mark();
    const { status, body } = await app().call("POST", "rotate", { because: anew(app()) });
    expect(status).toBe(409);
    expect(body).toMatchObject({ code: "openmetadata-forbidden", hint: expect.stringContaining(names) });
    expect(app().writes("openmetadata")).toEqual([]);
    expect(app().latest()?.tags.deliveredOn).toBeUndefined();
    options.publicKeyUrls = keys;
  });

  it("takes the token of an admin bot instead, from the vault", async () => {
    await app().restart({ OPENMETADATA_TOKEN_SECRET: TOKEN_SECRET });
    const missing = await app().call("POST", "rotate", { because: anew(app()) });
    expect(missing.status).toBe(409);
    expect(missing.body).toMatchObject({
      code: "openmetadata-forbidden",
      detail: expect.stringContaining(`"${TOKEN_SECRET}"`),
    });
    app().cloud.vault.setByHand(TOKEN_SECRET, app().cloud.openMetadata.adminBotToken());
    await asAdmin("DELETE", `name/${me()}?hardDelete=true`);
    const { body } = await app().post("rotate");
    expect(body.converged).toBe(true);
    expect(app().held()).toBe(app().latest()?.value);
    app().cloud.vault.disable(TOKEN_SECRET);
    const disabled = await app().call("POST", "rotate", { because: anew(app()) });
    expect(disabled.body.detail).toBe(missing.body.detail);
    app().cloud.vault.setByHand(TOKEN_SECRET, app().cloud.openMetadata.adminBotToken());
  });
});

describe("a server that insists on the principal domain", () => {
  const app = openApp({ settings: { OPENMETADATA_TOKEN_SECRET: TOKEN_SECRET } });

  it("would refuse ingestion's own tokens of Entra: the bot keeps the token that it has", async () => {
    const { openMetadata, vault, ingestion } = app().cloud;
    openMetadata.options.enforcePrincipalDomain = true;
    openMetadata.addPipeline({ name: "warehouse", deployed: true });
    vault.setByHand(TOKEN_SECRET, openMetadata.adminBotToken());
    for (const path of ["provision", "consent"]) await app().post(path);
    ingestion.start();
    app().mark();
    const { status, body } = await app().call("POST", "rotate");
    expect(status).toBe(409);
    expect(body).toMatchObject({
      code: "openmetadata-forbidden",
      hint: expect.stringContaining("AUTHORIZER_ENFORCE_PRINCIPAL_DOMAIN to false"),
    });
    await app().clock.advance(2 * HOUR);
    expect(app().writes("openmetadata")).toEqual([]);
    expect(ingestion.signIns()).toBeGreaterThan(3);
    expect(ingestion.refusals()).toEqual([]);

    openMetadata.options.enforcePrincipalDomain = false;
    await app().post("rotate");
    expect(app().held()).toBe(app().latest()?.value);
  });
});
