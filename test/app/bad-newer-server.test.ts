import { afterEach, beforeAll, describe, expect, it } from "vitest";
import type { Fault } from "../../local/cloud/exchange.ts";
import { amid, answers, refuses } from "../../proof/strikes/strike.ts";
import type { ProblemCode } from "../../shared/problems/problems.ts";
import { type App, anew, HOUR, MINUTE, openApp } from "./app.ts";
import { runTimer, said } from "./trouble.ts";

const TOKEN = "openmetadata-bot-token";
const SECRET = "openmetadata-server-client-secret";
const ADMIN = "openmetadata-admin-token";
const OPENMETADATA = { service: "openmetadata" } as const;
const MECHANISM = { ...OPENMETADATA, path: /auth-mechanism/ };
const CONFIGURATION = { ...OPENMETADATA, path: /security\/config/ };
const PATCH = { ...CONFIGURATION, method: "PATCH" };
const QUIET = { ROTATION_SCHEDULE: "0 0 11 * * MON" };

const newer = { release: "1.12.6", flow: "auth-code", settings: QUIET } as const;
const heldToken = ({ cloud }: App) => {
  const mechanism = cloud.openMetadata.botMechanism("ingestion-bot");
  return mechanism?.authType === "JWT" ? mechanism.config.JWTToken : undefined;
};
const inUse = (app: App) => ({ token: heldToken(app), secret: app.cloud.openMetadata.clientSecret() });
const says = (status: number, message: string) => ({ status, body: { code: status, message } });
const page = (status: number) => ({ status, body: "<html><title>Sign in</title></html>" });

async function settle(app: App): Promise<void> {
  for (const name of ["warehouse", "lake"]) app.cloud.openMetadata.addPipeline({ name, deployed: true });
  for (const path of ["provision", "consent", "rotate"]) await app.post(path);
  app.cloud.people.start();
}
function removeReplaced({ cloud, latest }: App): void {
  const holder = cloud.directory.applications().find(({ uniqueName }) => uniqueName === "openmetadata-server");
  for (const { keyId } of holder?.secrets ?? []) {
    if (keyId !== latest(SECRET)?.tags.keyId) cloud.directory.removePasswordByHand(keyId);
  }
}
async function rotate(app: App, credential: string, body: object = {}) {
  await app.clock.advance(MINUTE);
  return app.call("POST", "rotate", { credential, because: anew(app), ...body });
}
/** What is current in the vault is what the server and the pipelines hold, and noted as delivered. */
function expectDelivered(app: App): void {
  const { token, secret } = inUse(app);
  const pinned = app.cloud.openMetadata.pipelines().map(({ pinned }) => pinned?.config);
  expect(app.latest(TOKEN)).toMatchObject({ value: token, tags: { deliveredOn: expect.any(String) } });
  expect(pinned).toEqual(pinned.map(() => expect.objectContaining({ JWTToken: token })));
  expect(app.latest(SECRET)).toMatchObject({ value: secret, tags: { deliveredOn: expect.any(String) } });
  expect(app.cloud.people.refusals()).toEqual([]);
}

describe("OpenMetadata 1.12 that fails", () => {
  const app = openApp(newer);
  beforeAll(() => settle(app()));
  afterEach(async () => {
    await app().clock.advance(6 * MINUTE);
    expect(await runTimer(app())).toBe(true);
    expectDelivered(app());
    removeReplaced(app());
  });

  it.each<[what: string, credential: string, fault: () => Fault, status: number, code: ProblemCode]>([
    ["is down", "bot-token", () => refuses(OPENMETADATA), 503, "openmetadata-unreachable"],
    ["is a page of a proxy", "bot-token", () => answers(OPENMETADATA, page(200)), 503, "openmetadata-unreadable"],
    ["is a proxy's 502", "bot-token", () => answers(OPENMETADATA, page(502)), 503, "openmetadata-unavailable"],
    ["is a proxy's 404", "bot-token", () => answers(OPENMETADATA, page(404)), 502, "openmetadata-refused"],
    [
      "says that the bot's user is none of a bot",
      "bot-token",
      () => answers(MECHANISM, says(400, "JWT token is only supported for bot users")),
      409,
      "bot-user-conflict",
    ],
    [
      "says that it has issued a token, and has not",
      "bot-token",
      () => answers({ ...OPENMETADATA, path: /generateToken/ }, { status: 200, body: {} }),
      503,
      "openmetadata-kept-old",
    ],
    [
      "says that it has deployed pipelines, and names a failure",
      "bot-token",
      () =>
        answers({ ...OPENMETADATA, path: /bulk\/deploy/ }, { status: 200, body: [{ code: 500, reason: "Airflow" }] }),
      503,
      "pipelines-not-deployed",
    ],
    [
      "hides the token",
      "bot-token",
      () => answers(MECHANISM, { status: 200, body: { authType: "JWT" } }),
      409,
      "openmetadata-forbidden",
    ],
    ["is down for its secret", "server-client-secret", () => refuses(OPENMETADATA), 503, "openmetadata-unreachable"],
    [
      "is a page of a proxy to a reader",
      "server-client-secret",
      () => answers(CONFIGURATION, page(200)),
      503,
      "openmetadata-unreadable",
    ],
    [
      "is a page of a proxy to a writer",
      "server-client-secret",
      () => answers(PATCH, page(200)),
      503,
      "openmetadata-unreadable",
    ],
    [
      "says 500 to a writer",
      "server-client-secret",
      () => answers(PATCH, says(500, "boom")),
      503,
      "openmetadata-unavailable",
    ],
    [
      "says 403 to a writer",
      "server-client-secret",
      () => answers(PATCH, says(403, "no")),
      502,
      "openmetadata-refused",
    ],
    [
      "has a locked database for long",
      "server-client-secret",
      () => answers(PATCH, says(409, "Deadlock found")),
      503,
      "openmetadata-unavailable",
    ],
  ])("%s, when a %s is replaced: it is said, and the next run finishes", async (_, credential, fault, status, code) => {
    const { status: answered, body } = await amid(app(), fault(), () => rotate(app(), credential));
    expect({ answered, code: body.code }).toEqual({ answered: status, code });
    expect(body.hint).toBeTruthy();
  });

  it("has a locked database for a moment: the secret is given to it again", async () => {
    const fault = answers({ ...PATCH, times: 1 }, says(409, "Deadlock found"));
    expect(await amid(app(), fault, () => rotate(app(), "server-client-secret"))).toMatchObject({ status: 200 });
  });

  it.each(["bot-token", "server-client-secret"])(
    "goes away half way through each request about a %s",
    async (credential) => {
      let answered = 0;
      for (let done = 0; answered !== 200; done += 1) {
        expect(done).toBeLessThan(40);
        // The server's cache of tokens is empty.
        await app().clock.advance(3 * MINUTE);
        const before = heldToken(app());
        const { status, body } = await amid(app(), refuses({ ...OPENMETADATA, skip: done }), () =>
          rotate(app(), credential),
        );
        answered = status;
        if (status !== 200) {
          expect({ status, code: body.code }).toEqual({ status: 503, code: "openmetadata-unreachable" });
        }
        await app().clock.advance(3 * MINUTE);
        const again = await app().call("POST", "rotate", {
          credential,
          because: "leaver",
          issuedBefore: body.issuedBefore,
        });
        expect(again.status).toBe(200);
        expectDelivered(app());
        if (credential === "bot-token") expect(heldToken(app())).not.toBe(before);
        removeReplaced(app());
      }
    },
  );
});

describe("a server that tells its version in an unusual way", () => {
  const app = openApp(newer);
  beforeAll(() => settle(app()));
  const telling = (version: string) =>
    answers({ ...OPENMETADATA, path: /system\/version/ }, { status: 200, body: { version } });

  it.each(["2.0.0-SNAPSHOT", "1.13.0-rc1", "1.12", " 1.12.6 "])(
    "%s is read as the release that it is of",
    async (version) => {
      for (const credential of ["bot-token", "server-client-secret"]) {
        expect(await amid(app(), telling(version), () => rotate(app(), credential))).toMatchObject({ status: 200 });
      }
      expectDelivered(app());
      removeReplaced(app());
    },
  );

  it.each(["unknown", "", "main"])("%j tells nothing: the token is not let run out in silence", async (version) => {
    const before = inUse(app());
    await amid(app(), telling(version), async () => {
      const { status, body } = await rotate(app(), "bot-token");
      expect({ status, body }).toMatchObject({
        status: 409,
        body: {
          code: "openmetadata-version-unknown",
          detail: expect.stringContaining(`"${version}"`),
          hint: expect.stringMatching(/BOT_CREDENTIAL to "jwt"/),
        },
      });
      expect(JSON.stringify((await app().call("GET", "status")).body)).toContain("openmetadata-version-unknown");
      expect(inUse(app()).token).toBe(before.token);
    });
  });

  it("tells nothing, and BOT_CREDENTIAL decides", async () => {
    await app().restart({ ...QUIET, BOT_CREDENTIAL: "jwt" });
    expect(await amid(app(), telling("unknown"), () => rotate(app(), "bot-token"))).toMatchObject({ status: 200 });
    await app().restart();
    expectDelivered(app());
  });

  it("tells nothing, and is asked whether it takes a client secret by REST: it is not taken to read the vault", async () => {
    expect(await amid(app(), telling("unknown"), () => rotate(app(), "server-client-secret"))).toMatchObject({
      status: 200,
    });
    expectDelivered(app());
    removeReplaced(app());
  });

  it("tells nothing, has no such call, and so reads the vault", async () => {
    const none = answers(CONFIGURATION, says(404, "HTTP 404 Not Found"));
    const { status, body } = await amid(app(), [telling("unknown"), none], () => rotate(app(), "server-client-secret"));
    expect(status).toBe(200);
    expect(body.later).toContainEqual(expect.objectContaining({ kind: "push", credential: "server-client-secret" }));
    expect(app().latest(SECRET)?.tags.deliveredOn).toBeUndefined();
    expect(said(app())).toContain('OpenMetadata "unknown" cannot change its sign-in configuration by REST');
  });
});

describe("a server that does not let the app in", () => {
  const app = openApp(newer);
  const identity = () => app().cloud.app.objectId;
  const user = (change: object) => ({ name: identity(), email: `${identity()}@example.com`, ...change });
  /** As an administrator of OpenMetadata, past the app. */
  async function byHand(method: string, path: string, body?: object): Promise<void> {
    const { openMetadata, urls } = app().cloud;
    const answer = await fetch(`${urls.openMetadata}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${openMetadata.adminBotToken()}`, "content-type": "application/json" },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    expect(answer.ok, await answer.text()).toBe(true);
    // What the server remembers of callers.
    await app().clock.advance(5 * MINUTE);
  }
  beforeAll(() => settle(app()));

  async function expectRefusals(hint: RegExp): Promise<void> {
    const before = inUse(app());
    for (const credential of ["bot-token", "server-client-secret"]) {
      const { status, body } = await rotate(app(), credential);
      expect({ credential, status, body }).toMatchObject({
        credential,
        status: 409,
        body: { code: "openmetadata-forbidden", hint: expect.stringMatching(hint) },
      });
    }
    expect(inUse(app())).toEqual(before);
    removeReplaced(app());
  }

  it("because its user is unknown: 'not found' is not taken for a bot that is not there", async () => {
    await byHand("DELETE", `/users/name/${identity()}?hardDelete=true`);
    await expectRefusals(/AUTHORIZER_ADMIN_PRINCIPALS/);
  });

  it("because its user is no administrator", async () => {
    await byHand("PUT", "/users", user({ isAdmin: false }));
    await expectRefusals(/AUTHORIZER_ADMIN_PRINCIPALS/);
  });

  it("and when it is let in, finishes all of it", async () => {
    await byHand("PUT", "/users", user({ isAdmin: true }));
    expect(await runTimer(app())).toBe(true);
    expectDelivered(app());
  });

  it("because its stored token has expired, or is that of the bot itself", async () => {
    await app().restart({ ...QUIET, OPENMETADATA_TOKEN_SECRET: ADMIN });
    const exp = Math.floor(app().clock.now().getTime() / 1000) - 60;
    app().cloud.vault.setByHand(ADMIN, await app().cloud.entra.issueToken({ aud: "any", sub: "admin", exp }));
    await expectRefusals(new RegExp(`vault secret "${ADMIN}"`));
    const before = heldToken(app());
    await byHand("PUT", "/users", {
      name: "ingestion-bot",
      email: "ingestion-bot@example.com",
      isBot: true,
      isAdmin: true,
      botName: "ingestion-bot",
    });
    app().cloud.vault.setByHand(ADMIN, before ?? "");
    expect(await rotate(app(), "bot-token")).toMatchObject({
      status: 409,
      body: {
        code: "app-signs-in-as-bot",
        hint: expect.stringContaining("another administrator"),
      },
    });
    expect(heldToken(app())).toBe(before);
    app().cloud.vault.setByHand(ADMIN, app().cloud.openMetadata.adminBotToken());
    expect(await rotate(app(), "bot-token")).toMatchObject({ status: 200 });
    expect(await rotate(app(), "server-client-secret")).toMatchObject({ status: 200 });
    expectDelivered(app());
  });

  it("as a bot it reads the secret back: a 204 that changes nothing is no success", async () => {
    const before = app().cloud.openMetadata.clientSecret();
    const nothing: Fault = ({ service, method, path }) =>
      service === "openmetadata" && method === "PATCH" && path.includes("security")
        ? { kind: "answer", response: () => new Response(null, { status: 204, headers: { "x-injected-fault": "1" } }) }
        : undefined;
    const { status, body } = await amid(app(), nothing, () => rotate(app(), "server-client-secret"));
    expect({ status, code: body.code }).toEqual({ status: 503, code: "openmetadata-kept-old" });
    expect(app().latest(SECRET)?.tags.deliveredOn).toBeUndefined();
    expect(app().cloud.openMetadata.clientSecret()).toBe(before);
    await app().clock.advance(HOUR);
    expect(await runTimer(app())).toBe(true);
    expectDelivered(app());
  });

  it("because there is no bot of that name", async () => {
    await app().restart({ ...QUIET, BOT_NAME: "nobody" });
    expect(await rotate(app(), "bot-token")).toMatchObject({
      status: 409,
      body: { code: "bot-missing", hint: expect.stringContaining("BOT_NAME") },
    });
  });
});
