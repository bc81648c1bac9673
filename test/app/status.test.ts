import { describe, expect, it } from "vitest";
import { statusAnswer } from "../../shared/status/answer.ts";
import { principalOf, registration } from "./administrator.ts";
import { DAY, HOUR, openApp, SECRET } from "./app.ts";
import { everything } from "./raw-call.ts";

/** The next one is staged on day 4 and promoted on day 5, and the old one is retired on day 6. */
const app = openApp({
  settings: { SECRET_LIFETIME_DAYS: "10", SECRET_RENEW_BEFORE_DAYS: "5", SECRET_OVERLAP_DAYS: "1" },
});

/** Status of the only deployment. Whatever it says: it has written nothing, and shown no secret value. */
async function status(): Promise<Record<string, unknown>> {
  const before = everything(app());
  app().mark();
  const { status, body } = await app().call("GET", "status");
  expect(status).toBe(200);
  expect(statusAnswer.safeParse(body).error).toBeUndefined();
  expect(app().exchanges.filter(({ method }) => method !== "GET")).toEqual([]);
  expect(everything(app())).toBe(before);
  const { vault, directory } = app().cloud;
  const values = [
    ...vault.secrets().flatMap(({ versions }) => versions.map(({ value }) => value)),
    ...directory.applications().flatMap(({ secrets }) => secrets.map(({ value }) => value)),
  ];
  for (const value of values.filter((one) => one !== "intent")) expect(JSON.stringify(body)).not.toContain(value);
  const [deployment] = body.deployments as Record<string, unknown>[];
  return deployment ?? {};
}

async function credential(): Promise<Record<string, unknown>> {
  const [found] = (await status()).credentials as Record<string, unknown>[];
  return found ?? {};
}

const keyIds = (): string[] =>
  app()
    .inEntra()
    .map(({ keyId }) => keyId);
const on = (after: number): string => new Date(Date.parse("2031-03-03T12:00:00Z") + after).toISOString();

describe("GET /api/status", () => {
  it("says before provisioning what to do first", async () => {
    expect(await status()).toMatchObject({
      deployment: "openmetadata",
      registrations: {
        server: { found: false, hint: "Call POST /api/provision" },
        ingestion: { found: false, hint: "Call POST /api/provision" },
      },
      credentials: [
        { secret: SECRET, error: expect.any(String), hint: expect.stringContaining("/api/provision") },
        { credential: "bot-token", unused: "OpenMetadata 1.2.5 signs bots in with Azure SSO" },
      ],
    });
  });

  it("shows the registrations once they are there, and that a secret is due", async () => {
    await app().post("provision");
    const [server, ingestion] = [registration(app()), registration(app(), "openmetadata-ingestion")];
    expect(await status()).toMatchObject({
      authority: `${app().cloud.urls.entra}/${app().cloud.directory.tenantId}`,
      registrations: {
        server: {
          found: true,
          clientId: server.appId,
          applicationObjectId: server.id,
          servicePrincipalObjectId: principalOf(app(), server.appId),
          appIdUris: [`api://${server.appId}`],
          redirectUris: { spa: [`${app().cloud.urls.openMetadata}/callback`], web: [] },
        },
        ingestion: { found: true, clientId: ingestion.appId, redirectUris: { spa: [], web: [] } },
      },
      credentials: [{ dueNow: { kind: "issue" }, inEntra: { managed: [], foreign: 0 }, later: [] }, {}],
    });
  });

  it("asks each question once", async () => {
    await status();
    for (const [service, most] of [
      ["openmetadata", 7],
      ["graph", 5],
      ["key-vault", 3],
    ] as const) {
      const asked = app().requests(service);
      expect(asked.length, asked.join("\n")).toBeLessThanOrEqual(most);
    }
    const asked = app().requests("openmetadata");
    expect(asked).toEqual([...new Set(asked)]);
  });

  it("shows a delivered secret by id and dates, and when it is confirmed and replaced", async () => {
    await app().settle();
    const [keyId] = keyIds();
    const found = await credential();
    expect(found).toMatchObject({
      credential: "ingestion-client-secret",
      secret: SECRET,
      current: {
        keyId,
        version: app().latest()?.version,
        enabled: true,
        issuedOn: on(0),
        expiresOn: on(10 * DAY),
        deliveredOn: expect.stringMatching(/^2031-03-03T12:00/),
        stage: "delivered",
        inEntra: true,
      },
      inEntra: { managed: [{ keyId, issuedOn: on(0), expiresOn: on(10 * DAY) }], foreign: 0 },
    });
    expect(found).not.toHaveProperty("dueNow");
    expect(found).not.toHaveProperty("staged");
    expect(found.later).toEqual([
      { kind: "confirm", on: expect.stringMatching(/^2031-03-03T12:/), target: keyId },
      { kind: "issue", on: on(4 * DAY), target: SECRET },
      { kind: "promote", on: on(5 * DAY), target: SECRET },
    ]);
  });

  it("shows it confirmed after the next run of the timer", async () => {
    await app().clock.advance(2 * HOUR);
    expect(await credential()).toMatchObject({ current: { stage: "confirmed", confirmedOn: expect.any(String) } });
  });

  it("shows the next one, proven and handed to nobody", async () => {
    await app().clock.advance(4 * DAY);
    const [first, second] = keyIds();
    const found = await credential();
    expect(found).toMatchObject({
      current: { keyId: first, stage: "confirmed" },
      staged: { keyId: second, stage: "proven", inEntra: true, provenOn: expect.any(String) },
    });
    expect(found.later).toMatchObject([{ kind: "promote" }]);
  });

  it("shows after the change when the old one goes", async () => {
    await app().clock.advance(DAY);
    const [first, second] = keyIds();
    const found = await credential();
    expect(found).toMatchObject({
      current: { keyId: second, stage: "confirmed" },
      inEntra: { managed: [{ keyId: first }, { keyId: second }] },
      later: expect.arrayContaining([{ kind: "retire", on: expect.stringMatching(/^2031-03-09T12:/), target: first }]),
    });
    expect(found).not.toHaveProperty("staged");
  });

  it("counts secrets that are not its own, and tells nothing else of them", async () => {
    const { keyId } = app().cloud.directory.addPasswordByHand("openmetadata-ingestion", { displayName: "portal" });
    const found = await credential();
    expect(found).toMatchObject({ inEntra: { managed: [{}, {}], foreign: 1 } });
    expect(JSON.stringify(found)).not.toContain(keyId);
    expect(JSON.stringify(found)).not.toContain("portal");
  });

  it("shows that somebody has removed the current one, and what will be done about it", async () => {
    await app().clock.advance(3 * HOUR);
    app().cloud.directory.removePasswordByHand(keyIds()[1] ?? "");
    expect(await credential()).toMatchObject({ current: { inEntra: false }, dueNow: { kind: "issue" } });
  });

  it("shows a version that somebody disabled", async () => {
    app().cloud.vault.disable(SECRET);
    expect(await credential()).toMatchObject({ current: { enabled: false }, dueNow: { kind: "issue" } });
  });

  it("looks once for all who ask at the same time, and says when", async () => {
    app().mark();
    const answers = await Promise.all(Array.from({ length: 50 }, () => app().call("GET", "status")));
    expect(new Set(answers.map(({ body }) => JSON.stringify(body.deployments))).size).toBe(1);
    expect(answers[0]?.body.deployments).toMatchObject([{ on: app().clock.now().toISOString() }]);
    expect(app().exchanges.length).toBeLessThanOrEqual(2 * 15);
  });
});
