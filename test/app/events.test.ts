import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { amid, refuses } from "../../proof/strikes/strike.ts";
import { DAY, HOUR, MINUTE, openApp, SECRET } from "./app.ts";
import { removeReplaced, runTimer } from "./trouble.ts";

const app = openApp();

const data = (changes: Record<string, unknown> = {}) => ({
  Id: `https://openmetadata-kv.vault.localhost/secrets/${SECRET}/ee059b2bb5bc48398a53b168c6cdcb10`,
  VaultName: "openmetadata-kv",
  ObjectType: "Secret",
  ObjectName: SECRET,
  Version: "ee059b2bb5bc48398a53b168c6cdcb10",
  NBF: null,
  EXP: 1930996200,
  ...changes,
});
const common = { id: "1", subject: SECRET };
const inGridSchema = (type: string, about: unknown = data()) => [
  {
    ...common,
    topic: "/subscriptions/s/resourceGroups/g/providers/Microsoft.KeyVault/vaults/openmetadata-kv",
    eventType: `Microsoft.KeyVault.${type}`,
    eventTime: "2031-03-03T12:00:00.0000000Z",
    dataVersion: "1",
    metadataVersion: "1",
    data: about,
  },
];
const asCloudEvent = (type: string, about: unknown = data()) => ({
  ...common,
  source: "/subscriptions/s/resourceGroups/g/providers/Microsoft.KeyVault/vaults/openmetadata-kv",
  type: `Microsoft.KeyVault.${type}`,
  time: "2031-03-03T12:00:00.0000000Z",
  specversion: "1.0",
  data: about,
});

/** Delivers by hand what Event Grid would; answers the status. */
async function deliver(functionName: string, body: unknown, key = app().keys.eventGrid): Promise<number> {
  const answer = await fetch(`${app().host.url}/runtime/webhooks/EventGrid?functionName=${functionName}&code=${key}`, {
    method: "POST",
    headers: { "aeg-event-type": "Notification", "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  return answer.status;
}
const publishes = (...delays: number[][]) => {
  app().cloud.eventGrid.faults.shape = () => delays.shift() ?? [1000];
};
/** Makes a new secret current, whose event is delivered as said. */
async function replaced(...delays: number[][]): Promise<void> {
  app().cloud.vault.disable(SECRET);
  publishes([], [], ...delays); // those of the two versions of the twin are of no interest
  expect(await runTimer(app())).toBe(true);
}
const endState = () => {
  const { value, tags } = app().latest() ?? {};
  return {
    delivered: tags?.deliveredOn !== undefined && app().held() === value,
    confirmed: tags?.confirmedOn !== undefined,
    twin: app().latest(`${SECRET}-next`)?.tags.keyId === tags?.keyId,
    managed: app().inEntra().length,
  };
};

beforeAll(async () => {
  app().cloud.openMetadata.addPipeline({ name: "warehouse", deployed: true });
  await app().settle();
  app().cloud.ingestion.start();
});
afterAll(() => expect(app().cloud.ingestion.refusals()).toEqual([]));

describe("an event of the vault", () => {
  it.each([
    ["Event Grid's schema", inGridSchema],
    ["CloudEvents 1.0", asCloudEvent],
  ])("in %s delivers what is current and undelivered", async (_, schema) => {
    await replaced([]);
    expect(endState().delivered).toBe(false);
    expect(await deliver("push-client-secret", schema("SecretNewVersionCreated"))).toBe(202);
    expect(endState().delivered).toBe(true);
    removeReplaced(app());
  });

  it.each([
    ["about another vault", "push-client-secret", data({ VaultName: "other-kv" })],
    ["about another secret", "push-client-secret", data({ ObjectName: "openmetadata-server-password" })],
    ["about the staged twin", "push-client-secret", data({ ObjectName: `${SECRET}-next` })],
    ["about a key", "push-client-secret", data({ ObjectType: "Key" })],
    ["without a name", "push-client-secret", data({ ObjectName: undefined })],
    ["without data", "push-client-secret", null],
    ["with data of another shape", "push-client-secret", "SecretNewVersionCreated"],
    ["of another type", "rotate-on-near-expiry", data()],
    ["about another vault", "rotate-on-near-expiry", data({ VaultName: "other-kv" })],
    ["about the staged twin", "rotate-on-near-expiry", data({ ObjectName: `${SECRET}-next` })],
    ["without a vault", "rotate-on-near-expiry", data({ VaultName: null })],
  ])("%s is answered by %s, and nothing is asked or written", async (what, name, about) => {
    const type =
      name === "push-client-secret" || what === "of another type" ? "SecretNewVersionCreated" : "SecretNearExpiry";
    for (const schema of [inGridSchema, asCloudEvent]) {
      app().mark();
      expect(await deliver(name, schema(type, about))).toBe(202);
      expect(app().exchanges.map(({ method, path }) => `${method} ${path}`)).toEqual([]);
    }
  });

  it.each([
    ["numbers", { NBF: 1922996200, EXP: 1930996200 }],
    ["strings", { NBF: "1922996200", EXP: "1930996200" }],
    ["null", { NBF: null, EXP: null }],
    ["missing", { NBF: undefined, EXP: undefined }],
    ["accompanied by something unknown", { Colour: ["red"] }],
  ])("whose dates are %s is understood, and finds nothing to do", async (_, dates) => {
    for (const [name, type] of [
      ["push-client-secret", "SecretNewVersionCreated"],
      ["rotate-on-near-expiry", "SecretNearExpiry"],
      ["rotate-on-near-expiry", "SecretExpired"],
    ] as const) {
      app().mark();
      expect(await deliver(name, asCloudEvent(type, data(dates)))).toBe(202);
      await app().clock.advance(0);
      expect(app().requests("key-vault")).toContain(`GET /secrets/${SECRET}/`);
      expect(app().writes("key-vault").concat(app().writes("graph"), app().requests("openmetadata"))).toEqual([]);
    }
  });

  it("with a wrong key is refused before any function runs", async () => {
    const since = app().log.length;
    expect(await deliver("push-client-secret", inGridSchema("SecretNewVersionCreated"), "wrong")).toBe(401);
    expect(app().log.slice(since)).toEqual([]);
  });
});

describe("the end is the same for events that come", () => {
  it.each<[string, number[][]]>([
    ["once", [[1000]]],
    ["twice at the same moment", [[1000, 1000]]],
    ["again and again", [[1000, 2000, 60_000, 600_000]]],
    ["after the timer has done their work", [[90 * MINUTE]]],
    ["never", [[]]],
  ])("%s", async (_, delays) => {
    await replaced(...delays);
    await app().clock.advance(3 * HOUR);
    expect(endState()).toEqual({ delivered: true, confirmed: true, twin: true, managed: 2 });
    removeReplaced(app());
  });

  it("in another order than the versions", async () => {
    await replaced([10 * MINUTE]);
    await replaced([1000]);
    await app().clock.advance(3 * HOUR);
    expect(endState()).toEqual({ delivered: true, confirmed: true, twin: true, managed: 3 });
    removeReplaced(app());
  });

  it("again, because the handler failed", async () => {
    const { eventGrid } = app().cloud;
    const attempts = eventGrid.deliveries().length;
    await amid(app(), refuses({ service: "openmetadata" }), () => replaced([1000]));
    expect(endState().delivered).toBe(false);
    await app().clock.advance(MINUTE);
    expect(endState().delivered).toBe(true);
    const seen = eventGrid.deliveries().slice(attempts);
    expect(seen.map(({ status }) => status)).toEqual([500, 500, 500, 202]);
    removeReplaced(app());
  });
});

describe("near expiry", () => {
  it("leaves to the queue what takes longer than Event Grid waits for an answer", async () => {
    const { directory, eventGrid, vault } = app().cloud;
    directory.replication = { ...directory.replication, secrets: 100_000 };
    vault.disable(SECRET);
    const since = app().clock.now().getTime();
    publishes([], []);
    expect(await deliver("rotate-on-near-expiry", inGridSchema("SecretNearExpiry"))).toBe(202);
    expect(app().clock.now().getTime() - since).toBeLessThanOrEqual(22_000);
    await app().clock.advance(0);
    const staged = app().latest(`${SECRET}-next`)?.tags.keyId;
    eventGrid.faults = {};
    await app().clock.advance(3 * HOUR);
    directory.replication = { ...directory.replication, secrets: 0 };
    expect(app().latest()?.tags.keyId).toBe(staged);
    expect(endState()).toEqual({ delivered: true, confirmed: true, twin: true, managed: 2 });
  });
});

describe("a secret that is near its expiry from its birth", () => {
  const short = openApp({
    settings: { SECRET_LIFETIME_DAYS: "20", SECRET_RENEW_BEFORE_DAYS: "5", SECRET_OVERLAP_DAYS: "2" },
  });

  it("is not replaced because of that event", async () => {
    await short().settle();
    await short().clock.advance(DAY);
    const events = short()
      .cloud.eventGrid.deliveries()
      .map(({ event }) => event.eventType);
    expect(events).toContain("Microsoft.KeyVault.SecretNearExpiry");
    expect(short().inEntra()).toHaveLength(1);
  });
});
