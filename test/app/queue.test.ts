import type { QueueServiceClient } from "@azure/storage-queue";
import { beforeAll, describe, expect, it } from "vitest";
import { queuesOf } from "../../journey/setting.ts";
import { amid, refuses } from "../../proof/strikes/strike.ts";
import { WORK_QUEUE } from "../../shared/engine/queues.ts";
import { type App, DAY, HOUR, MINUTE, openApp, SECRET } from "./app.ts";
import { runTimer, said } from "./trouble.ts";

const QUIET = { ROTATION_SCHEDULE: "0 0 11 * * MON" };
const STORAGE_DOWN = refuses({ service: "storage-queue", path: /^\/rotate-credential/ });
const tokenOf = ({ cloud }: App) => {
  const mechanism = cloud.openMetadata.botMechanism("ingestion-bot");
  return mechanism?.authType === "JWT" ? mechanism.config.JWTToken : undefined;
};
const queue = ({ cloud }: App): QueueServiceClient => queuesOf(cloud).service;
const put = (app: App, message: unknown, name = WORK_QUEUE) =>
  queue(app)
    .getQueueClient(name)
    .sendMessage(Buffer.from(JSON.stringify(message)).toString("base64"));
const unit = (more: object = {}) => ({
  version: 1,
  kind: "rotate",
  deployment: "openmetadata",
  credential: "ingestion-client-secret",
  until: "2032-01-01T00:00:00.000Z",
  ...more,
});

describe("a message", () => {
  const app = openApp({ settings: QUIET });
  beforeAll(async () => {
    await app().settle();
    await runTimer(app());
    await app().clock.advance(HOUR); // what follows the delivery has come
  });

  it.each([
    ["of a deployment that is gone", unit({ deployment: "gone" }), 'deployment \\"gone\\" no longer exists'],
    [
      "of a credential that is gone",
      unit({ credential: "server-client-secret" }),
      "no longer has a server-client-secret",
    ],
    ["of a later version of the app", unit({ version: 2 }), "missing or unexpected value in version"],
    ["that nobody understands", { hello: "world" }, "missing or unexpected value in kind"],
  ])("%s is ignored with a line, and nothing is asked", async (_, message, line) => {
    await put(app(), message);
    app().mark();
    const since = app().log.length;
    await app().clock.advance(1000);
    const lines = app().log.slice(since);
    expect(lines.find(({ level }) => level === "warning")?.message).toContain(line);
    expect(app().exchanges).toEqual([]);
    expect(app().cloud.storageQueue.counts()[`${WORK_QUEUE}-poison`]).toBeUndefined();
  });

  it("that is late, stale or there three times does nothing but look", async () => {
    const { version } = app().latest() ?? {};
    const ask = { issuedBefore: "2031-01-01T00:00:00.000Z", revokeOld: true };
    const progress = { of: "another version", from: "1", upTo: "9", failed: [] };
    for (const message of [unit(), unit(), unit({ ask }), unit({ progress })]) await put(app(), message);
    app().mark();
    await app().clock.advance(1000);
    expect([...app().writes("graph"), ...app().writes("key-vault"), ...app().writes("openmetadata")]).toEqual([]);
    expect(app().latest()?.version).toBe(version);
  });

  it("that asks for what no call has asked for does nothing but look: whoever may write into the queue replaces nothing", async () => {
    const { version } = app().latest() ?? {};
    const before = app().inEntra();
    for (const revokeOld of [true, false]) {
      await put(app(), unit({ ask: { issuedBefore: app().clock.now().toISOString(), revokeOld } }));
      await app().clock.advance(MINUTE);
    }
    expect(app().latest()?.version).toBe(version);
    expect(app().inEntra()).toEqual(before);
  });

  it("that fails for the last time is put aside, told in status, and does its work when it is put back", async () => {
    const { directory } = app().cloud;
    directory.deleteApplication("openmetadata-ingestion");
    await put(app(), unit());
    const since = app().log.length;
    await app().clock.advance(2 * HOUR);
    const failures = app()
      .log.slice(since)
      .filter(({ message }) => /'Functions.rotate-credential' \(Failed/.test(message));
    expect(failures).toHaveLength(10);
    expect((await app().call("GET", "status")).body.engine).toMatchObject({ queue: { poisoned: 1 } });
    directory.restoreApplication("openmetadata-ingestion");
    const aside = queue(app()).getQueueClient(`${WORK_QUEUE}-poison`);
    const [message] = (await aside.receiveMessages()).receivedMessageItems;
    await queue(app())
      .getQueueClient(WORK_QUEUE)
      .sendMessage(message?.messageText ?? "");
    await app().clock.advance(1000);
    expect(said(app(), since)).toContain('rotation of "openmetadata-ingestion-client-secret": nothing to do');
  });

  it("that the timer has sent is not put aside: the next sweep sends another", async () => {
    const { directory } = app().cloud;
    const before = app().cloud.storageQueue.counts()[`${WORK_QUEUE}-poison`];
    directory.deleteApplication("openmetadata-ingestion");
    expect(await runTimer(app())).toBe(false);
    await app().clock.advance(2 * HOUR);
    expect(app().cloud.storageQueue.counts()[`${WORK_QUEUE}-poison`]).toBe(before);
    directory.restoreApplication("openmetadata-ingestion");
  });
});

describe("a message about a bot's token", () => {
  const app = openApp({ release: "1.12.6", settings: QUIET });

  it("that asks for what no call has asked for ends no token", async () => {
    app().cloud.openMetadata.addPipeline({ name: "warehouse", deployed: true });
    await app().settle();
    await app().clock.advance(HOUR);
    const token = tokenOf(app());
    for (const revokeOld of [true, false]) {
      const ask = { issuedBefore: app().clock.now().toISOString(), revokeOld };
      await put(app(), unit({ credential: "bot-token", ask }));
      await app().clock.advance(5 * MINUTE);
    }
    expect(tokenOf(app())).toBe(token);
  });
});

describe("an event of the vault that comes through a queue", () => {
  const app = openApp({ settings: QUIET });
  const event = (type: string) => ({
    id: "1",
    source: "/subscriptions/s/resourceGroups/g/providers/Microsoft.KeyVault/vaults/openmetadata-kv",
    subject: SECRET,
    type: `Microsoft.KeyVault.${type}`,
    time: "2031-03-03T12:00:00.0000000Z",
    specversion: "1.0",
    data: { VaultName: "openmetadata-kv", ObjectType: "Secret", ObjectName: SECRET, Version: "1" },
  });
  beforeAll(async () => {
    await app().settle();
    app().cloud.eventGrid.faults.shape = () => []; // nothing comes the other way
  });

  it("of a near expiry has the credential looked at, and of a new version delivers it", async () => {
    app().cloud.vault.disable(SECRET);
    await put(app(), event("SecretNearExpiry"), "secret-near-expiry");
    await app().clock.advance(MINUTE);
    const { value, tags } = app().latest() ?? {};
    expect([tags?.deliveredOn, app().held() === value]).toEqual([undefined, false]);
    await put(app(), event("SecretNewVersionCreated"), "secret-new-version");
    await app().clock.advance(1000);
    expect(app().held()).toBe(value);
    expect(app().latest()?.tags.deliveredOn).toBeDefined();
  });

  it("is ignored with a line where it makes no sense", async () => {
    const since = app().log.length;
    for (const name of ["secret-near-expiry", "secret-new-version"]) await put(app(), { hello: "world" }, name);
    await app().clock.advance(1000);
    const lines = app()
      .log.slice(since)
      .filter(({ message }) => message.includes("event ignored: missing or unexpected value"));
    expect(lines).toHaveLength(2);
  });
});

describe("while the storage account does not answer", () => {
  const app = openApp({ settings: QUIET });
  beforeAll(async () => {
    for (const path of ["provision", "consent"]) await app().post(path);
  });

  it("the timer does the work itself, and says so in red", async () => {
    const since = app().log.length;
    await amid(app(), STORAGE_DOWN, () => app().host.runTimer("rotate-on-schedule"));
    expect(app().latest()?.tags.keyId).toBeDefined();
    const red = app()
      .log.slice(since)
      .filter(({ level }) => level === "error");
    expect(red.map(({ message }) => message).join("\n")).toContain(
      "cannot use the queue, so this run does the work itself",
    );
    await app().clock.advance(MINUTE);
  });

  it("a call works as ever, and status says what it cannot see", async () => {
    await amid(app(), STORAGE_DOWN, async () => {
      expect(await app().call("POST", "rotate", { because: "leaver" })).toMatchObject({ status: 200 });
      const { status, body } = await app().call("GET", "status");
      expect(status).toBe(200);
      expect(body.engine).toMatchObject({ error: expect.stringContaining("Cannot look at queue") });
    });
  });
});

describe("a server that takes 12 s for each of 30 pipelines", () => {
  const app = openApp({ release: "1.12.6", settings: QUIET });
  const deployed = (): string[] =>
    app()
      .exchanges.filter(({ path }) => path.endsWith("/bulk/deploy"))
      .flatMap(({ body }) => JSON.parse(body) as string[]);

  beforeAll(async () => {
    for (let number = 1; number <= 30; number += 1) {
      app().cloud.openMetadata.addPipeline({ name: `pipeline-${number}`, deployed: true });
    }
    await app().settle();
    await app().clock.advance(HOUR);
    await runTimer(app());
    app().cloud.openMetadata.options.deployMilliseconds = 12_000;
  });

  it("is told of before a token is ended: how many pipelines, and how long the last one is refused", async () => {
    const { body } = await app().call("POST", "rotate", { credential: "bot-token", because: "leaver", dryRun: true });
    expect(body.steps?.[0]).toMatchObject({
      kind: "issue",
      affects: expect.stringContaining(
        "redeploying 30 pipelines takes 10 to 24 s each, so the last one is refused for 5 to 12 minutes",
      ),
    });
  });

  it("gets as many as fit from the call, and the rest from the queue: each pipeline once", async () => {
    app().mark();
    const { status, body } = await app().call("POST", "rotate", { credential: "bot-token", because: "leaver" });
    expect({ status, body }).toMatchObject({
      status: 202,
      body: { waitingFor: expect.stringMatching(/\d+ of 30 pipelines$/), goesOn: expect.any(String) },
    });
    const atOnce = deployed().length;
    expect(atOnce).toBeGreaterThan(5);
    await app().clock.advance(8 * MINUTE);
    expect(app().latest("openmetadata-bot-token")?.tags.deliveredOn).toBeDefined();
    expect(deployed()).toHaveLength(30);
    expect(new Set(deployed()).size).toBe(30);
    expect(app().latest("openmetadata-bot-token")?.value).toBe(tokenOf(app()));
  });

  it("is seen from a repeated call, which deploys nothing again", async () => {
    app().mark();
    const answer = await app().call("POST", "rotate", { credential: "bot-token" });
    expect(answer).toMatchObject({ status: 200, body: { converged: true } });
    expect(deployed()).toEqual([]);
  });

  it("has one that cannot be deployed tried a few times a day, and named in red", async () => {
    await app().clock.advance(2 * HOUR);
    app().cloud.openMetadata.setDeployFails("pipeline-7", true);
    await app().call("POST", "rotate", { credential: "bot-token", because: "leaver" });
    await app().clock.advance(HOUR);
    app().mark();
    const since = app().log.length;
    await app().clock.advance(2 * DAY);
    expect(new Set(deployed()).size).toBe(1);
    expect(deployed().length).toBeLessThanOrEqual(10);
    expect(said(app(), since)).toContain(
      '1 of 30 pipelines were not deployed and still use the old credential: "pipeline-7"',
    );
    app().cloud.openMetadata.setDeployFails("pipeline-7", false);
    await app().clock.advance(DAY);
    expect(app().latest("openmetadata-bot-token")?.tags.confirmedOn).toBeDefined();
  });
});

describe("without a timer", () => {
  const app = openApp({
    release: "1.12.6",
    flow: "auth-code",
    settings: {
      "AzureWebJobs.rotate-on-schedule.Disabled": "true",
      SECRET_LIFETIME_DAYS: "15",
      SECRET_RENEW_BEFORE_DAYS: "5",
      SECRET_OVERLAP_DAYS: "2",
    },
  });

  it("every kind of credential is renewed, and status says that the timer is silent", async () => {
    app().cloud.openMetadata.addPipeline({ name: "warehouse", deployed: true });
    for (const path of ["provision", "consent", "rotate"]) await app().post(path);
    await app().post("rotate", { credential: "bot-token", because: "it never ends" });
    const secrets = ["ingestion-client-secret", "server-client-secret", "bot-token"].map(
      (name) => `openmetadata-${name}`,
    );
    const before = secrets.map((name) => app().latest(name)?.tags.keyId);
    await app().clock.advance(12 * DAY);
    for (const [place, name] of secrets.entries()) {
      expect(app().latest(name)?.tags.keyId, name).not.toBe(before[place]);
      expect(app().latest(name)?.tags.confirmedOn, name).toBeDefined();
    }
    expect((await app().call("GET", "status")).body.engine).toMatchObject({
      timer: {
        silent: true,
        sweptInsteadOn: expect.any(String),
        hint: expect.stringContaining("the timer has not run"),
      },
    });
    expect(app().latest(SECRET)?.tags.deliveredOn).toBeDefined();
  });
});
