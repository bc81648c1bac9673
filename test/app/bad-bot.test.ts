import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { amid, refuses } from "../../proof/strikes/strike.ts";
import type { ProblemCode } from "../../shared/problems/problems.ts";
import { principalOf, registration } from "./administrator.ts";
import { HOUR, openApp } from "./app.ts";
import { endsWell, runTimer, said } from "./trouble.ts";

const OPENMETADATA = { service: "openmetadata" } as const;
const TOKEN_SECRET = "openmetadata-admin-token";

/** What an administrator of OpenMetadata does past the app. */
async function byHand(one: ReturnType<ReturnType<typeof openApp>>, line: string, body?: unknown): Promise<void> {
  const [method = "", path = ""] = line.split(" ");
  const { urls, openMetadata } = one.cloud;
  const answer = await fetch(`${urls.openMetadata}/api/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${openMetadata.adminBotToken()}`, "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  expect(answer.ok, await answer.text()).toBe(true);
}

describe("a bot that cannot be given the secret", () => {
  const app = openApp();
  const ingestion = () => principalOf(app(), registration(app(), "openmetadata-ingestion").appId) ?? "";
  const token = () => app().cloud.openMetadata.botMechanism("ingestion-bot");

  /** Answer, log and status say it; the secret stays current, and the bot keeps what it has. */
  async function expectRefusal(code: ProblemCode, hint: RegExp): Promise<void> {
    const held = token();
    const since = app().log.length;
    const { status, body } = await app().call("POST", "rotate");
    expect({ status, body }).toMatchObject({
      status: 409,
      body: { code, hint: expect.stringMatching(hint) },
    });
    await app().clock.advance(2 * HOUR);
    expect(await runTimer(app())).toBe(false);
    expect(said(app(), since)).toContain(`failed (${code}): ${body.detail}`);
    expect(token()).toEqual(held);
    expect(app().latest()?.tags.keyId).toBe(app().inEntra()[0]?.keyId);
    expect(app().latest()?.tags.deliveredOn).toBeUndefined();
    expect(app().inEntra()).toHaveLength(1);
  }

  beforeAll(async () => {
    app().cloud.openMetadata.addPipeline({ name: "warehouse", deployed: true });
    for (const path of ["provision", "consent"]) await app().post(path);
    app().cloud.ingestion.start();
  });
  afterEach(() => {
    expect(app().cloud.ingestion.refusals()).toEqual([]);
  });

  it("because there is none of that name", async () => {
    await app().restart({ BOT_NAME: "nobody" });
    await expectRefusal("bot-missing", /^Set BOT_NAME/);
    await app().restart();
  });

  it("because the user as whom ingestion signs in is not a bot", async () => {
    app().cloud.openMetadata.createEntraUser(ingestion());
    await expectRefusal("bot-user-conflict", /^DELETE .*hardDelete=true$/m);
    await byHand(app(), `DELETE /users/name/${ingestion()}?hardDelete=true`);
  });

  it("because another bot has that user", async () => {
    const user = { name: ingestion(), email: `${ingestion()}@example.com`, isBot: true, botName: "other-bot" };
    const mechanism = { authType: "JWT", config: { JWTTokenExpiry: "Unlimited" } };
    await byHand(app(), "PUT /users", { ...user, authenticationMechanism: mechanism });
    await byHand(app(), "PUT /bots", { name: "other-bot", displayName: "other-bot", botUser: ingestion() });
    await expectRefusal("bot-user-conflict", /whether another bot has user/);
    await byHand(app(), `DELETE /users/name/${ingestion()}?hardDelete=true`);
  });

  it("because the user's e-mail is taken by another", async () => {
    const email = `${ingestion()}@example.com`;
    app().cloud.openMetadata.createUser({ name: "squatter", email });
    await expectRefusal("bot-user-conflict", /Settings > Users/);
    await byHand(app(), "DELETE /users/name/squatter?hardDelete=true");
  });

  it("because the app's stored token has expired, and once that is replaced all is delivered", async () => {
    await app().restart({ OPENMETADATA_TOKEN_SECRET: TOKEN_SECRET });
    const exp = Math.floor(app().clock.now().getTime() / 1000) - 60;
    app().cloud.vault.setByHand(TOKEN_SECRET, await app().cloud.entra.issueToken({ aud: "any", sub: "admin", exp }));
    await expectRefusal(
      "openmetadata-forbidden",
      new RegExp(`vault secret "${TOKEN_SECRET}"; this asks for it:\\nread -rs TOKEN && `),
    );
    app().cloud.vault.setByHand(TOKEN_SECRET, app().cloud.openMetadata.adminBotToken());
    expect((await app().post("rotate")).body.converged).toBe(true);
    expect(app().held()).toBe(app().latest()?.value);
  });
});

describe("a server that goes away half way through a push", () => {
  const app = openApp();
  endsWell(app);

  beforeAll(async () => {
    app().cloud.openMetadata.addPipeline({ name: "warehouse", deployed: true });
    await app().settle();
    app().cloud.ingestion.start();
  });

  it.each(Array.from({ length: 12 }, (_, done) => done))(
    "after %i requests: nothing is lost, and the next call finishes",
    async (done) => {
      const { status, body } = await amid(app(), refuses({ ...OPENMETADATA, skip: done }), () =>
        app().call("POST", "rotate", { because: "leaver" }),
      );
      expect({ status, body }).toMatchObject({
        status: 503,
        body: { code: "openmetadata-unreachable" },
      });
      expect(app().latest()?.tags.deliveredOn).toBeUndefined();
      await app().post("rotate", { because: "leaver", issuedBefore: body.issuedBefore });
      expect(app().held()).toBe(app().latest()?.value);
      expect(app().inEntra()).toHaveLength(2);
    },
  );
});
