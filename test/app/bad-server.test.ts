import { beforeAll, describe, expect, it } from "vitest";
import type { Fault } from "../../local/cloud/exchange.ts";
import { amid, answers, loses, refuses } from "../../proof/strikes/strike.ts";
import type { ProblemCode } from "../../shared/problems/problems.ts";
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
  it.each<[what: string, Fault[], status: number, code: ProblemCode, hint: RegExp]>([
    ["is down", [refuses(OPENMETADATA)], 503, "openmetadata-unreachable", /OPENMETADATA_URL/],
    ["is a page of a proxy", [answers(OPENMETADATA, page(200))], 503, "openmetadata-unreadable", /proxy/],
    ["is a proxy's 502", [answers(OPENMETADATA, page(502))], 503, "openmetadata-unavailable", /log/],
    ["says 401", [answers(WITH_TOKEN, says(401, "Expired token!"))], 409, "openmetadata-forbidden", /ADMIN_PRINCIPALS/],
    ["says 403", [answers(WITH_TOKEN, says(403, "not admin"))], 409, "openmetadata-forbidden", /ADMIN_PRINCIPALS/],
    [
      "says 403 to a write",
      [answers({ ...OPENMETADATA, method: "PUT" }, says(403, "no"))],
      502,
      "openmetadata-refused",
      /status/,
    ],
    [
      "says 500 to a write",
      [answers({ ...OPENMETADATA, method: "PUT" }, says(500, "boom"))],
      503,
      "openmetadata-unavailable",
      /log/,
    ],
    [
      "has no bot",
      [answers({ ...OPENMETADATA, path: /bots\/name/ }, says(404, "no bot"))],
      409,
      "bot-missing",
      /BOT_NAME/,
    ],
    [
      "loses its answers to writes",
      [loses({ ...OPENMETADATA, method: "PUT" })],
      503,
      "openmetadata-unreachable",
      /network/,
    ],
    [
      "loses its answer to a deployment",
      [loses({ ...OPENMETADATA, method: "POST" })],
      503,
      "openmetadata-unreachable",
      /network/,
    ],
  ])("%s: said in answer and log, and the old secret is kept", async (_, faults, status, code, hint) => {
    const since = app().log.length;
    const old = app().latest();
    app().mark();
    await amid(app(), faults, async () => {
      const answer = await rotate();
      expect(answer).toMatchObject({
        status,
        body: { status, code, hint: expect.stringMatching(hint) },
      });
      await app().clock.advance(6 * MINUTE);
      expect(await runTimer(app())).toBe(false);
      expect(said(app(), since)).toContain(`failed (${code}): ${answer.body.detail}`);
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
    expect(waiting.body.steps).toContainEqual(
      expect.objectContaining({ kind: "prove", state: "waiting", code: "proof-pending" }),
    );
    await app().post("rotate", { because: "leaver", issuedBefore: waiting.body.issuedBefore });
    expect(issues()).toBe(1);
  });

  it("answers 500 to the sign-in before a push: the bot keeps what it has", async () => {
    const held = app().held();
    const answer = await amid(app(), answers({ ...TOKEN, skip: 6 }, page(500)), () => rotate());
    expect(answer).toMatchObject({
      status: 503,
      body: { code: "entra-unavailable", detail: expect.stringContaining("sign in") },
    });
    expect(app().held()).toBe(held);
  });

  it("gives the app's own identity no token: nothing is begun, and who is to blame is said", async () => {
    await app().restart();
    const answer = await amid(app(), answers(IDENTITY, says(400, "No such identity")), () => rotate());
    expect(answer).toMatchObject({ status: 502, body: { code: "identity-without-token" } });
    expect(app().inEntra()).toHaveLength(1);
  });
});
