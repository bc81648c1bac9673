import { beforeAll, describe, expect, it } from "vitest";
import { amid, answers, loses } from "../../proof/strikes/strike.ts";
import type { App } from "./app.ts";
import { anew, DAY, HOUR, MINUTE, openApp } from "./app.ts";
import { runTimer, said } from "./trouble.ts";

const TOKEN = "openmetadata-bot-token";
const kinds = (steps: { kind: string; state: string }[] | undefined) =>
  steps?.map(({ kind, state }) => `${kind} ${state}`);

/** The token that the bot holds, and the one that each pipeline was deployed with. */
function tokens({ cloud }: App) {
  const token = (mechanism: ReturnType<App["cloud"]["openMetadata"]["botMechanism"]>) =>
    mechanism?.authType === "JWT" ? mechanism.config.JWTToken : undefined;
  return {
    held: token(cloud.openMetadata.botMechanism("ingestion-bot")),
    pinned: cloud.openMetadata.pipelines().map(({ pinned }) => token(pinned)),
  };
}

/** A while after whatever was before: a token tells the second of its issue only. */
async function rotate(app: App, body: object = {}) {
  await app.clock.advance(MINUTE);
  return app.call("POST", "rotate", { credential: "bot-token", ...body });
}

describe("the token of a bot, from OpenMetadata 1.3 on", () => {
  const app = openApp({ release: "1.5.13", settings: { ROTATION_SCHEDULE: "0 0 11 * * MON" } });

  beforeAll(async () => {
    app().cloud.openMetadata.addPipeline({ name: "warehouse", deployed: true });
    app().cloud.openMetadata.addPipeline({ name: "lake", deployed: true });
    for (const path of ["provision", "consent"]) await app().post(path);
    app().cloud.ingestion.start();
  });

  it("is taken into the vault as it is: one that never ends is not replaced unasked", async () => {
    const before = tokens(app()).held;
    const preview = await rotate(app(), { dryRun: true });
    expect(kinds(preview.body.steps)).toEqual(["promote planned", "push planned"]);
    const { status, body } = await rotate(app());
    expect(status).toBe(200);
    expect(kinds(body.steps)).toEqual(["promote done", "push done"]);
    expect(tokens(app()).held).toBe(before);
    expect(app().latest(TOKEN)?.value).toBe(before);
    expect(app().latest(TOKEN)?.tags.deliveredOn).toBeDefined();
    const shown = await app().call("GET", "status");
    expect(JSON.stringify(shown.body)).toContain('"expiresOn":"never"');
    expect(JSON.stringify(shown.body)).toContain("has no expiry");
  });

  it("is replaced when somebody asks: vault and pipelines hold the new one, which the server takes for the bot", async () => {
    await app().clock.advance(3 * MINUTE); // the server's cache of tokens is empty
    const before = tokens(app()).held;
    const { status, body } = await rotate(app(), { because: "it never ends" });
    expect(status).toBe(200);
    expect(kinds(body.steps)).toEqual(["issue done", "promote done", "push done"]);
    const { held, pinned } = tokens(app());
    expect(held).not.toBe(before);
    expect(pinned).toEqual([held, held]);
    expect(app().latest(TOKEN)?.value).toBe(held);
    const { secrets } = { secrets: app().cloud.vault.secrets() };
    const { expiresOn } = (body.result as { credentials: { expiresOn: string }[] }).credentials[0] ?? { expiresOn: "" };
    expect(new Date(expiresOn).getTime() - app().clock.now().getTime()).toBeGreaterThan(89 * DAY);
    expect(secrets.find(({ name }) => name === TOKEN)).toBeDefined();
    const again = await rotate(app(), { because: "it never ends", issuedBefore: body.issuedBefore });
    expect(again.body).toMatchObject({ converged: true, steps: [] });
    expect(app().cloud.ingestion.refusals()).toEqual([]);
  });

  it("costs three requests when nothing is due: the vault, the bot, and what its user holds", async () => {
    await app().clock.advance(HOUR);
    await runTimer(app());
    await app().clock.advance(DAY + HOUR);
    await runTimer(app());
    app().mark();
    expect(await runTimer(app())).toBe(true);
    expect(app().requests("graph")).toHaveLength(1);
    expect(app().requests("openmetadata")).toEqual([
      "GET /api/v1/bots/name/ingestion-bot",
      expect.stringMatching(/^GET \/api\/v1\/users\/auth-mechanism\//),
    ]);
    expect(
      app()
        .requests("key-vault")
        .filter((line) => line.includes("bot-token")),
    ).toEqual([`GET /secrets/${TOKEN}/`]);
  });

  it("that somebody had made by hand comes into the vault with the next run, and into the pipelines", async () => {
    const { openMetadata, urls } = app().cloud;
    const bot = openMetadata.users().find(({ name }) => name === "ingestion-bot");
    const answer = await fetch(`${urls.openMetadata}/api/v1/users/generateToken/${bot?.id}`, {
      method: "PUT",
      headers: { authorization: `Bearer ${openMetadata.adminBotToken()}`, "content-type": "application/json" },
      body: JSON.stringify({ JWTTokenExpiry: "30" }),
    });
    expect(answer.status).toBe(200);
    expect(await runTimer(app())).toBe(true);
    const { held, pinned } = tokens(app());
    expect(app().latest(TOKEN)?.value).toBe(held);
    expect(pinned).toEqual([held, held]);
  });

  it("is shown until the server's cache of two minutes has let go of the one before", async () => {
    await app().clock.advance(HOUR);
    const { openMetadata, urls } = app().cloud;
    const show = () =>
      fetch(`${urls.openMetadata}/api/v1/users/loggedInUser`, {
        headers: { authorization: `Bearer ${tokens(app()).held}` },
      });
    expect((await show()).status).toBe(200);
    const began = app().clock.now().getTime();
    const { status, body } = await rotate(app(), { because: anew(app()) });
    expect(status).toBe(200);
    expect(app().clock.now().getTime() - began).toBeGreaterThanOrEqual(2 * MINUTE - 10_000);
    expect(kinds(body.steps)).toEqual(["issue done", "promote done", "push done"]);
    expect(openMetadata.options.release).toBe("1.5.13");
  });

  it("ends at once after a leak, the server's cache notwithstanding", async () => {
    const leaked = tokens(app()).held;
    const { urls } = app().cloud;
    const show = () =>
      fetch(`${urls.openMetadata}/api/v1/users/loggedInUser`, { headers: { authorization: `Bearer ${leaked}` } });
    expect((await show()).status).toBe(200);
    const began = app().clock.now().getTime();
    const { status, body } = await rotate(app(), { because: "compromised", revokeOld: true });
    expect(status).toBe(200);
    expect(app().clock.now().getTime() - began).toBeLessThan(MINUTE + 10_000);
    expect(kinds(body.steps)).toEqual(["issue done", "promote done", "push done"]);
    expect((await show()).status).toBe(401);
    const { held, pinned } = tokens(app());
    expect(pinned).toEqual([held, held]);
  });

  it("is not delivered while a pipeline still holds the old one; a message mends it minutes later", async () => {
    app().cloud.openMetadata.setDeployFails("lake", true);
    const { status, body } = await rotate(app(), { because: anew(app()) });
    expect(status).toBe(503);
    expect(body).toMatchObject({ code: "pipelines-not-deployed", detail: expect.stringContaining('"lake"') });
    expect(app().latest(TOKEN)).toMatchObject({ value: tokens(app()).held });
    expect(app().latest(TOKEN)?.tags.deliveredOn).toBeUndefined();
    expect(said(app())).toContain('pipeline "lake" was not deployed: ');
    app().cloud.openMetadata.setDeployFails("lake", false);
    await app().clock.advance(6 * MINUTE);
    expect(app().latest(TOKEN)?.tags.deliveredOn).toBeDefined();
    expect(tokens(app()).pinned).toEqual([tokens(app()).held, tokens(app()).held]);
  });

  it("is looked for when the answer to its issue is lost, and goes on its way", async () => {
    const before = tokens(app()).held;
    const fault = loses({ service: "openmetadata", method: "PUT", path: /generateToken/, times: 1 });
    const { status, body } = await amid(app(), fault, () => rotate(app(), { because: anew(app()) }));
    expect(status).toBe(200);
    expect(kinds(body.steps)).toEqual(["issue done", "promote done", "push done"]);
    const { held, pinned } = tokens(app());
    expect(held).not.toBe(before);
    expect([app().latest(TOKEN)?.value, ...pinned]).toEqual([held, held, held]);
  });

  it.each([
    ["cannot store it", { path: /bot-token$/, method: "PUT" }],
    ["answers nothing any more once it is issued", { skip: 4 }],
  ])("reaches the pipelines though the vault %s: theirs has ended. The next run stores it", async (_, where) => {
    const before = tokens(app()).held;
    await app().clock.advance(10 * MINUTE);
    const fault = answers({ service: "key-vault", ...where }, { status: 503 });
    const failed = await amid(app(), fault, () => rotate(app(), { because: anew(app()) }));
    expect(failed.status).toBe(503);
    const { held, pinned } = tokens(app());
    expect(held).not.toBe(before);
    expect(pinned).toEqual([held, held]);
    expect(said(app())).toContain("were deployed with the new token");
    expect(await runTimer(app())).toBe(true);
    expect(app().latest(TOKEN)?.value).toBe(held);
    expect(tokens(app())).toEqual({ held, pinned: [held, held] });
  });

  it("is not issued while the vault cannot be written", async () => {
    const before = tokens(app()).held;
    const fault = answers(
      { service: "key-vault", method: "PUT" },
      { status: 403, body: { error: { code: "Forbidden" } } },
    );
    const { status } = await amid(app(), fault, () => rotate(app(), { because: anew(app()) }));
    expect(status).toBeGreaterThanOrEqual(400);
    expect(tokens(app()).held).toBe(before);
  });
});

describe("a bot that was left with Azure SSO when its server was upgraded", () => {
  const app = openApp({ settings: { ROTATION_SCHEDULE: "0 0 11 * * MON" } });

  it("gets a token with the next run, and its pipelines with it", async () => {
    app().cloud.openMetadata.addPipeline({ name: "warehouse", deployed: true });
    await app().settle();
    expect(app().held()).toBeDefined();
    app().cloud.openMetadata.options.release = "1.5.13";
    app().cloud.openMetadata.restart();
    expect(await runTimer(app())).toBe(true);
    const { held, pinned } = tokens(app());
    expect(held).toMatch(/^eyJ/);
    expect(pinned).toEqual([held]);
    expect(app().latest(TOKEN)?.value).toBe(held);
  });
});

describe("a bot of OpenMetadata 1.2", () => {
  const app = openApp({ settings: { ROTATION_SCHEDULE: "0 0 11 * * MON" } });

  it("has no token to rotate: said to who asks for it, and to nobody else", async () => {
    await app().settle();
    const asked = await rotate(app());
    expect(asked).toMatchObject({
      status: 409,
      body: { code: "credential-unused", detail: expect.stringContaining("OpenMetadata 1.2.5") },
    });
    const all = await app().call("POST", "rotate", {});
    expect(all).toMatchObject({ status: 200, body: { converged: true } });
    expect((all.body.result as { credentials: object[] }).credentials[1]).toEqual({
      credential: "bot-token",
      unused: "OpenMetadata 1.2.5 signs bots in with Azure SSO",
    });
  });
});
