import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { signsIn } from "../../proof/strikes/sign-in.ts";
import { HOUR, MINUTE, openApp, SECRET } from "./app.ts";
import { trail } from "./trail.ts";
import { runTimer, said } from "./trouble.ts";

const app = openApp();
const walked = trail(app);

const current = () => app().latest()?.tags.keyId;
/** The timer runs at each full hour; this goes on to just after the next one. */
const nextRun = async () => {
  const { clock } = app();
  await clock.advance(HOUR - (clock.now().getTime() % HOUR) + MINUTE);
};

beforeAll(async () => {
  app().cloud.openMetadata.addPipeline({ name: "warehouse", deployed: true });
  for (const path of ["provision", "consent"]) await app().post(path);
});

describe("the timer", () => {
  it("is red and says what to do as long as nothing is provisioned", async () => {
    const { directory } = app().cloud;
    directory.deleteApplication("openmetadata-ingestion");
    const since = app().log.length;
    expect(await runTimer(app())).toBe(false);
    expect(said(app(), since)).toContain("its app registration does not exist. Call POST /api/provision");
    directory.restoreApplication("openmetadata-ingestion");
    await app().post("provision");
    await app().post("consent");
  });

  it("makes the first secret by its schedule alone, which the event pushes, and confirms it a quarter of an hour later", async () => {
    app().cloud.ingestion.start();
    await nextRun();
    const { value, tags } = app().latest() ?? {};
    expect(app().held()).toBe(value);
    expect(tags).toMatchObject({ keyId: app().inEntra()[0]?.keyId, deliveredOn: expect.any(String) });
    await app().clock.advance(20 * MINUTE);
    expect(app().latest()?.tags.confirmedOn).toBeDefined();
    expect(app().inEntra()).toHaveLength(1);
  });

  it("asks Graph once and the vault twice when nothing is due, and two requests more whether the bot uses a token", async () => {
    app().mark();
    const since = app().log.length;
    await nextRun();
    expect(app().requests("graph")).toEqual(["GET /v1.0/applications(uniqueName='openmetadata-ingestion')"]);
    expect(app().requests("key-vault")).toEqual([
      `GET /secrets/${SECRET}/`,
      `GET /secrets/${SECRET}-next/`,
      "GET /secrets/openmetadata-bot-token/",
    ]);
    expect(app().requests("openmetadata")).toEqual(["GET /api/v1/system/version"]);
    expect(said(app(), since)).toMatch(/^rotation of "[^"]+": nothing to do; next: issue on 2031-05-01T/m);
  });

  it("pushes what the event has not: not in its first five minutes, but then", async () => {
    const { eventGrid } = app().cloud;
    eventGrid.faults.shape = () => [];
    app().cloud.vault.disable(SECRET);
    expect(await runTimer(app())).toBe(true);
    const { tags, value } = app().latest() ?? {};
    expect([tags?.deliveredOn, app().held() === value]).toEqual([undefined, false]);
    await app().clock.advance(2 * MINUTE);
    walked();
    await runTimer(app());
    expect(walked()).toEqual([]);
    await app().clock.advance(2 * MINUTE);
    expect(walked()).toEqual(["sign in", "push", "deploy", "note delivery"]);
    expect(app().held()).toBe(value);
    eventGrid.faults = {};
  });
});

describe("the next timer run replaces a current secret", () => {
  afterEach(async () => {
    await nextRun(); // confirmed
    const { value, tags } = app().latest() ?? {};
    expect(app().held()).toBe(value);
    expect(tags?.confirmedOn).toBeDefined();
    expect(await signsIn(app(), value ?? "")).toBe(true);
  });

  it("that a person has disabled in the vault", async () => {
    const old = current();
    app().cloud.vault.disable(SECRET);
    await nextRun();
    expect(current()).not.toBe(old);
  });

  it("that a person has overwritten in the vault with a value of their own", async () => {
    const mine = app().cloud.directory.addPasswordByHand("openmetadata-ingestion", { displayName: "mine" });
    const held = app().held();
    app().cloud.vault.setByHand(SECRET, mine.value, { tags: { keyId: mine.keyId } });
    await app().clock.advance(MINUTE);
    expect(app().held()).toBe(held);
    await nextRun();
    expect(current()).not.toBe(mine.keyId);
    expect(app().inEntra()).toContainEqual(expect.objectContaining({ keyId: mine.keyId }));
  });

  it("that a person has removed in Entra, once it is older than the grace", async () => {
    await app().post("rotate", { because: "fresh" });
    await app().clock.advance(2 * MINUTE);
    const old = current();
    app().cloud.ingestion.stop(); // a person took away what it signs in with
    app().cloud.directory.removePasswordByHand(old ?? "");
    await app().clock.advance(56 * MINUTE);
    await runTimer(app());
    expect(current()).toBe(old);
    await app().clock.advance(5 * MINUTE);
    await runTimer(app());
    expect(current()).not.toBe(old);
    await app().clock.advance(MINUTE);
    app().cloud.ingestion.start();
  });
});

describe("two runs at once", () => {
  it("end with one current secret, and what the other one issued is retired after the overlap", async () => {
    app().cloud.vault.disable(SECRET);
    const before = app().inEntra().length;
    const [timer, ...calls] = await Promise.all([
      runTimer(app()),
      app().call("POST", "rotate"),
      app().call("POST", "rotate"),
    ]);
    expect(timer).toBe(true);
    expect(calls.map(({ status }) => status).every((status) => status === 200 || status === 202)).toBe(true);
    expect(app().inEntra().length).toBeGreaterThan(before + 1);
    await app().post("rotate");
    await nextRun();
    await nextRun();
    expect(app().held()).toBe(app().latest()?.value);
    expect(app().latest()?.tags.confirmedOn).toBeDefined();
    await app().clock.advance(7 * 24 * HOUR);
    const managed = app()
      .inEntra()
      .filter(({ displayName }) => displayName?.startsWith("managed"));
    expect(managed.map(({ keyId }) => keyId)).toEqual([current()]);
  });

  it("and nothing that a person did kept ingestion from signing in", () => {
    expect(app().cloud.ingestion.refusals()).toEqual([]);
    expect(app().cloud.ingestion.signIns()).toBeGreaterThan(50);
  });
});
