import { beforeAll, describe, expect, it } from "vitest";
import { RECEIVER_PATHS, type ReceiverName } from "../../local/cloud/receivers/create-receivers.ts";
import { amid, refuses } from "../../proof/strikes/strike.ts";
import { type App, anew, DAY, HOUR, MINUTE, openApp } from "./app.ts";
import { runTimer, said } from "./trouble.ts";

const QUIET = { ROTATION_SCHEDULE: "0 0 11 * * MON" };
/** What makes each address a secret. */
const KEYS = Object.values(RECEIVER_PATHS).flatMap((path) => /K3y0f\w+/.exec(path)?.[0] ?? []);
const QUEUE = "send-notification";

const urlOf = ({ cloud }: App, name: ReceiverName) => `${cloud.urls.receivers}${RECEIVER_PATHS[name]}`;
const settingsOf = (app: App) => ({
  NOTIFY_URL: `teams+${urlOf(app, "teams")}, slack+${urlOf(app, "slack")}, ${urlOf(app, "events")}`,
  WEBSITE_HOSTNAME: "openmetadata-entra.example.net",
});
interface Event {
  id: string;
  type: string;
  subject?: string;
  data: { reason?: string; message: string; hint?: string; deployment?: string; secret?: string };
}
const events = ({ cloud }: App) => cloud.receivers.taken("events") as Event[];
const told = (app: App, since = 0) =>
  events(app)
    .slice(since)
    .map(({ type, data }) => [type.replace("openmetadata-entra.", ""), data.reason].filter(Boolean).join(": "));
const queued = ({ cloud }: App) =>
  cloud.storageQueue.messages(QUEUE).map(({ text }) => Buffer.from(text, "base64").toString());
const putAside = ({ cloud }: App) => cloud.storageQueue.counts()[`${QUEUE}-poison`] ?? 0;

/** The timer runs, and everything that it sends is done and told. */
async function look(app: App): Promise<void> {
  await runTimer(app);
  await app.clock.advance(MINUTE);
}

describe("notifications", () => {
  const app = openApp({ settings: QUIET });
  const trail: string[] = [];
  beforeAll(async () => {
    await app().settle();
    await look(app());
    trail.push(...app().exchanges.map(({ service }) => service), ...queued(app()));
    await app().restart({ ...QUIET, ...settingsOf(app()) });
  });

  it("are off unless somebody names a receiver: nothing is noted, nothing is queued", () => {
    expect(trail.filter((one) => !["graph", "key-vault", "openmetadata"].includes(one))).toEqual([]);
  });

  it("say nothing of what was so before", async () => {
    await look(app());
    expect(told(app())).toEqual([]);
    expect(Object.keys(app().cloud.storageBlob.blobs()).sort()).toEqual([
      "/openmetadata-entra-notified/_app.json",
      "/openmetadata-entra-notified/openmetadata/_deployment.json",
      "/openmetadata-entra-notified/openmetadata/bot-token.json",
      "/openmetadata-entra-notified/openmetadata/ingestion-client-secret.json",
    ]);
  });

  it("tell of a rotation once, to each receiver in its own shape", async () => {
    await app().post("rotate", { because: anew(app()) });
    await app().clock.advance(HOUR);
    for (let times = 0; times < 3; times += 1) await look(app());
    expect(told(app())).toEqual(["delivered: verified"]);
    const { teams, slack } = {
      teams: app().cloud.receivers.taken("teams"),
      slack: app().cloud.receivers.taken("slack"),
    };
    expect([teams.length, slack.length, app().cloud.receivers.refused()]).toEqual([1, 1, []]);
    const title = 'Rotated and delivered: ingestion-client-secret of \\"openmetadata\\"';
    for (const message of [teams, slack]) expect(JSON.stringify(message)).toContain(title);
    expect(JSON.stringify(teams)).toContain("https://openmetadata-entra.example.net/api/page?deployment=openmetadata");
    expect(events(app())[0]).toMatchObject({
      id: `openmetadata/ingestion-client-secret/delivered/${app().latest()?.tags.keyId}`,
      source: "urn:openmetadata-entra:openmetadata-entra.example.net:deployment:openmetadata",
      subject: "ingestion-client-secret",
      data: { secret: "openmetadata-ingestion-client-secret" },
    });
  });

  it("tell what a person must do, with its code, once for all that have the same cause, and then that it is over", async () => {
    const since = events(app()).length;
    const { vault, app: identity } = app().cloud;
    vault.revoke(identity.objectId);
    for (let times = 0; times < 3; times += 1) await look(app());
    expect(told(app(), since)).toEqual(["stalled: vault-forbidden"]);
    expect(events(app()).at(-1)?.data.hint).toContain("az role assignment create");
    vault.grant(identity.objectId, ["get", "list", "set", "update"]);
    for (let times = 0; times < 2; times += 1) await look(app());
    expect(told(app(), since)).toEqual(["stalled: vault-forbidden", "recovered"]);
  });

  it("do not tell what passes by itself, until it has lasted", async () => {
    const since = events(app()).length;
    await amid(app(), refuses({ service: "graph" }), async () => {
      await look(app());
      await app().clock.advance(HOUR);
      await look(app());
    });
    await look(app());
    expect(told(app(), since)).toEqual([]);
  });

  it("tell once that a server does not answer, when that has lasted, and that it is over", async () => {
    const since = events(app()).length;
    await amid(app(), refuses({ service: "openmetadata" }), async () => {
      for (let times = 0; times < 3; times += 1) {
        await look(app());
        await app().clock.advance(8 * DAY); // borne for two periods of the timer
      }
    });
    expect(told(app(), since)).toEqual(["stalled: openmetadata-unreachable"]);
    expect(events(app()).at(-1)).toMatchObject({ data: { deployment: "openmetadata" } });
    expect(events(app()).at(-1)).not.toHaveProperty("subject");
    for (let times = 0; times < 2; times += 1) await look(app());
    expect(told(app(), since)).toEqual(["stalled: openmetadata-unreachable", "recovered"]);
  });

  it("tell once that a registration of the deployment is gone which no credential needs, and that it is back", async () => {
    const since = events(app()).length;
    app().cloud.directory.deleteApplication("openmetadata-server");
    for (let times = 0; times < 3; times += 1) await look(app());
    expect(told(app(), since)).toEqual(["stalled: registration-missing"]);
    expect(events(app()).at(-1)?.data.message).toContain("The registration of the server is missing");
    app().cloud.directory.restoreApplication("openmetadata-server");
    for (const path of ["provision", "consent"]) await app().post(path);
    for (let times = 0; times < 2; times += 1) await look(app());
    expect(told(app(), since)).toEqual(["stalled: registration-missing", "recovered"]);
  });

  it("tell that a leak is answered when nothing of what leaked signs in any more", async () => {
    const since = events(app()).length;
    await app().post("rotate", { because: anew(app()), revokeOld: true });
    await app().clock.advance(HOUR);
    await look(app());
    expect(told(app(), since).toSorted()).toEqual(["delivered: verified", "leak-answered"]);
    expect(app().inEntra()).toHaveLength(1);
  });

  it("wait in the queue while the receiver is down, and come when it is back, each to each once", async () => {
    const [since, teams] = [events(app()).length, app().cloud.receivers.taken("teams").length];
    app().cloud.receivers.answer(() => new Response("busy", { status: 503 }));
    await app().post("rotate", { because: anew(app()) });
    await app().clock.advance(20 * MINUTE);
    await look(app());
    expect(queued(app())).toHaveLength(3);
    app().cloud.receivers.answer(undefined);
    await app().clock.advance(10 * MINUTE);
    expect(told(app(), since)).toEqual(["delivered: verified"]);
    expect(app().cloud.receivers.taken("teams")).toHaveLength(teams + 1);
    expect([queued(app()), putAside(app())]).toEqual([[], 0]);
  });

  it("outlast a receiver that is down for a day, which gets each once", async () => {
    const since = events(app()).length;
    app().cloud.receivers.answer(() => new Response("down", { status: 503 }));
    await app().post("rotate", { because: anew(app()) });
    await app().clock.advance(DAY);
    expect(told(app(), since)).toEqual([]);
    app().cloud.receivers.answer(undefined);
    await app().clock.advance(6 * HOUR);
    expect(told(app(), since)).toEqual(["delivered: verified"]);
    expect([queued(app()), putAside(app())]).toEqual([[], 0]);
  });

  it("follow no redirect, and are put aside when they were refused ten times, without the address in any line", async () => {
    const since = app().log.length;
    const elsewhere = `${app().cloud.urls.graph}/v1.0/elsewhere`;
    app().cloud.receivers.answer(() => Response.redirect(elsewhere, 307));
    await put(app(), { version: 1, kind: "test" });
    app().mark();
    await app().clock.advance(2 * HOUR);
    app().cloud.receivers.answer(undefined);
    expect(app().exchanges.filter(({ path }) => path.includes("elsewhere"))).toEqual([]);
    expect(putAside(app())).toBe(3);
    const { engine } = (await app().call("GET", "status")).body;
    expect(engine).toMatchObject({ queue: { poisoned: 3, hint: expect.stringContaining(`3 in ${QUEUE}-poison`) } });
    expect(said(app(), since)).toContain("receiver 2 of NOTIFY_URL (slack) redirects (307), which is not followed");
  });

  it("tell that some were given up, until somebody has removed them", async () => {
    const since = events(app()).length;
    await look(app());
    expect(events(app()).at(-1)?.data.message).toContain(`3 in ${QUEUE}-poison`);
    await clientOf(app(), `${QUEUE}-poison`).then((client) => client.clearMessages());
    await look(app());
    expect(told(app(), since)).toEqual(["stalled: work-failed", "recovered"]);
  });

  it("are tried by a message that asks for a test", async () => {
    const since = events(app()).length;
    await put(app(), { version: 1, kind: "test" });
    await app().clock.advance(MINUTE);
    expect(told(app(), since)).toEqual(["test"]);
  });

  it("that cannot be read are ignored with a line", async () => {
    const since = app().log.length;
    await put(app(), { version: 2, kind: "notice" });
    await put(app(), {
      version: 1,
      kind: "notice",
      to: 7,
      notice: { id: "1", kind: "test", on: "2031-01-01T00:00:00Z", title: "", message: "" },
    });
    await app().clock.advance(MINUTE);
    expect(said(app(), since)).toContain("message ignored: missing or unexpected value in version");
    expect(said(app(), since)).toContain("message ignored: NOTIFY_URL names no receiver 8");
  });

  it("keep nobody from their work: what cannot be noted is told in the log, and told to people by a later look", async () => {
    const [since, lines] = [events(app()).length, app().log.length];
    await amid(app(), refuses({ service: "storage-blob" }), async () => {
      await app().post("rotate", { because: anew(app()) });
      await app().clock.advance(20 * MINUTE);
    });
    expect(app().held()).toBe(app().latest()?.value);
    expect(said(app(), lines)).toContain(
      "cannot tell what has changed of ingestion-client-secret: Cannot read what was",
    );
    await look(app());
    expect(told(app(), since)).toEqual(["delivered: verified"]);
  });

  it("never show the address of a receiver, nor a secret", async () => {
    await look(app());
    const secrets = app()
      .cloud.vault.secrets()
      .flatMap(({ versions }) => versions.map(({ value }) => value));
    const shown = JSON.stringify([
      app().log,
      app()
        .cloud.storageQueue.messages(`${QUEUE}-poison`)
        .map(({ text }) => Buffer.from(text, "base64").toString()),
      app().cloud.storageBlob.blobs(),
      (await app().call("GET", "status")).body,
    ]);
    for (const key of KEYS) expect(shown).not.toContain(key);
    const sent = JSON.stringify(
      (["teams", "slack", "events"] as const).map((name) => app().cloud.receivers.taken(name)),
    );
    for (const secret of secrets.filter((value) => value !== "intent")) expect(sent).not.toContain(secret);
    for (const key of KEYS) expect(sent).not.toContain(key);
  });
});

describe("a list of deployments of which none can be served", () => {
  const app = openApp({ settings: QUIET });

  it("is told once, though no run goes further", async () => {
    const { cloud } = app();
    cloud.storageBlob.put("/settings/deployments.json", JSON.stringify([{ name: "blue" }]));
    const list = {
      OPENMETADATA_URL: "",
      PRINCIPAL_DOMAIN: "",
      DEPLOYMENTS_BLOB: `${cloud.urls.blob}/settings/deployments.json`,
    };
    await app().restart({ ...QUIET, ...settingsOf(app()), ...list });
    for (let times = 0; times < 2; times += 1) await look(app());
    expect(told(app())).toEqual(["stalled: deployments-faulty"]);
    expect(events(app())[0]?.data.message).toContain("DEPLOYMENTS_BLOB[0]");
  });
});

describe("a setting NOTIFY_URL that is wrong", () => {
  const app = openApp({ settings: { ...QUIET, NOTIFY_URL: "http://receiver.example.com/K3y" } });

  it("is told by the timer without its value, and keeps nobody from their work", async () => {
    await app().settle();
    const since = app().log.length;
    expect(await runTimer(app())).toBe(true);
    expect(said(app(), since)).toContain(
      "problem with the receivers of notifications: NOTIFY_URL, address 1, must be an https:// URL",
    );
    expect(JSON.stringify(app().log)).not.toContain("K3y");
    await app().clock.advance(70 * DAY);
    await runTimer(app());
    expect(app().held()).toBe(app().latest()?.value);
  });
});

async function clientOf({ cloud }: App, queue: string) {
  const { queuesOf } = await import("../../journey/setting.ts");
  return queuesOf(cloud).service.getQueueClient(queue);
}

async function put(app: App, message: unknown): Promise<void> {
  const client = await clientOf(app, QUEUE);
  await client.sendMessage(Buffer.from(JSON.stringify(message)).toString("base64"));
}
