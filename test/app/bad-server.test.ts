import { beforeAll, describe, expect, it } from "vitest";
import type { Fault } from "../../local/cloud/exchange.ts";
import { amid, answers, loses, refuses } from "../../proof/strikes/strike.ts";
import { MINUTE, openApp } from "./app.ts";
import { endsWell, runTimer, said } from "./trouble.ts";

const app = openApp();

const OPENMETADATA = { service: "openmetadata" } as const;
const WITH_TOKEN = { ...OPENMETADATA, path: /\/v1\/(users|bots)/ };
const TOKEN = { service: "entra", path: /\/oauth2\/v2\.0\/token$/ } as const;
const IDENTITY = { service: "entra", path: /\/msi\/token/ } as const;
const page = (status: number) => ({ status, body: "<html><title>Sign in</title></html>" });
const says = (status: number, message: string) => ({ status, body: { code: status, message } });
const issues = () =>
  app()
    .requests("graph")
    .filter((line) => line.endsWith("/addPassword")).length;
const rotate = () => app().call("POST", "rotate", { because: "leaver" });

beforeAll(async () => {
  app().cloud.openMetadata.addPipeline({ name: "warehouse", deployed: true });
  await app().settle();
  app().cloud.ingestion.start();
});
endsWell(app);

describe("OpenMetadata", () => {
  it.each<[what: string, Fault[], status: number, detail: RegExp, hint: RegExp]>([
    [
      "is down",
      [refuses(OPENMETADATA)],
      503,
      /ask for the version: OpenMetadata does not answer at https/,
      /Call again/,
    ],
    ["is a page of a proxy", [answers(OPENMETADATA, page(200))], 503, /answered 200 with .* not JSON/, /Call again/],
    ["is a proxy's 502", [answers(OPENMETADATA, page(502))], 503, /answered 502/, /Call again/],
    [
      "says 401",
      [answers(WITH_TOKEN, says(401, "Expired token!"))],
      409,
      /refuses it: .* 401 "Expired/,
      /ADMIN_PRINCIPALS/,
    ],
    [
      "says 403",
      [answers(WITH_TOKEN, says(403, "not admin"))],
      409,
      /refuses it: .* 403 "not admin"/,
      /ADMIN_PRINCIPALS/,
    ],
    [
      "says 403 to a write",
      [answers({ ...OPENMETADATA, method: "PUT" }, says(403, "no"))],
      502,
      /change the user .* 403/,
      /status/,
    ],
    [
      "says 500 to a write",
      [answers({ ...OPENMETADATA, method: "PUT" }, says(500, "boom"))],
      503,
      /500 "boom"/,
      /Call again/,
    ],
    [
      "has no bot",
      [answers({ ...OPENMETADATA, path: /bots\/name/ }, says(404, "no bot"))],
      409,
      /no such bot/,
      /BOT_NAME/,
    ],
    [
      "loses its answers to writes",
      [loses({ ...OPENMETADATA, method: "PUT" })],
      503,
      /change the user .* not answer/,
      /Call again/,
    ],
    [
      "loses its answer to a deployment",
      [loses({ ...OPENMETADATA, method: "POST" })],
      503,
      /deploy .* not answer/,
      /Call again/,
    ],
  ])("%s: said in answer and log, and the old secret is kept", async (_, faults, status, detail, hint) => {
    const since = app().log.length;
    const old = app().latest();
    app().mark();
    await amid(app(), faults, async () => {
      const answer = await rotate();
      expect(answer).toMatchObject({
        status,
        body: { status, detail: expect.stringMatching(detail), hint: expect.stringMatching(hint) },
      });
      await app().clock.advance(6 * MINUTE);
      expect(await runTimer(app())).toBe(false);
      expect(said(app(), since)).toMatch(new RegExp(`failed: .*${detail.source}`));
    });
    expect(app().latest()?.tags.deliveredOn).toBeUndefined();
    expect(
      app()
        .inEntra()
        .map(({ keyId }) => keyId),
    ).toContain(old?.tags.keyId);
    expect(issues()).toBe(1);
  });
});

describe("Entra", () => {
  it.each([
    ["500", page(500)],
    ["429", { status: 429, body: {} }],
    ["200 without a token", page(200)],
  ])("answers %s to sign-ins: the proof waits, and goes on with the same secret", async (_, answer) => {
    app().mark();
    const waiting = await amid(app(), answers(TOKEN, answer), () => rotate());
    expect(waiting).toMatchObject({ status: 202, retryAfter: 10 });
    expect(waiting.body.waitingFor).toContain(`Entra answered ${answer.status}`);
    await app().post("rotate", { because: "leaver", issuedBefore: waiting.body.issuedBefore });
    expect(issues()).toBe(1);
  });

  it("answers 500 to the sign-in before a push: the bot keeps what it has", async () => {
    const held = app().held();
    const answer = await amid(app(), answers({ ...TOKEN, skip: 6 }, page(500)), () => rotate());
    expect(answer).toMatchObject({
      status: 503,
      body: { detail: expect.stringMatching(/sign in .* Entra answered 500/) },
    });
    expect(app().held()).toBe(held);
  });

  it("gives the app's own identity no token: nothing is begun, and who is to blame is said", async () => {
    await app().restart();
    const answer = await amid(app(), answers(IDENTITY, says(400, "No such identity")), () => rotate());
    expect(answer).toMatchObject({ status: 502, body: { detail: expect.stringContaining("the app's own identity") } });
    expect(app().inEntra()).toHaveLength(1);
  });
});
