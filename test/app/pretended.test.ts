import { beforeAll, describe, expect, it } from "vitest";
import { signsIn } from "../../proof/strikes/sign-in.ts";
import { inject, refuses } from "../../proof/strikes/strike.ts";
import { DAY, HOUR, openApp, SECRET } from "./app.ts";
import { removeReplaced, runTimer } from "./trouble.ts";

const app = openApp({ settings: { SECRET_OVERLAP_DAYS: "1" } });
const keyIds = () =>
  app()
    .inEntra()
    .map(({ keyId }) => keyId);

/** What somebody can do who may write tags in the vault, and reads no value. */
async function retag(name: string, change: Record<string, string>, attributes = {}): Promise<void> {
  const { cloud } = app();
  const token = await cloud.entra.issueToken({ aud: "https://vault.localhost", oid: cloud.app.objectId });
  const { version, tags } = app().latest(name) ?? {};
  const answer = await fetch(`${cloud.urls.vault}/secrets/${name}/${version}?api-version=2025-07-01`, {
    method: "PATCH",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify({ attributes, tags: { ...tags, ...change } }),
  });
  expect(answer.status).toBe(200);
}

beforeAll(async () => {
  app().cloud.openMetadata.addPipeline({ name: "warehouse", deployed: true });
  await app().settle();
  app().cloud.ingestion.start();
  await app().clock.advance(DAY);
});

describe("tags that name another credential", () => {
  it("have nothing good retired: the current secret is replaced before", async () => {
    const [old] = keyIds();
    await app().post("rotate", { because: "leaver" });
    await app().clock.advance(2 * HOUR);
    const good = app().latest();
    const long = { deliveredOn: "2031-02-01T00:00:00.000Z", confirmedOn: "2031-02-01T01:00:00.000Z" };
    for (const name of [SECRET, `${SECRET}-next`]) {
      await retag(name, { keyId: old ?? "", issuedOn: "2031-02-01T00:00:00.000Z", ...long });
    }
    await runTimer(app());
    await app().clock.advance(DAY);
    expect(keyIds()).toContain(good?.tags.keyId);
    await app().clock.advance(2 * HOUR);
    expect(app().latest()?.tags.keyId).not.toBe(old);
    expect(app().held()).toBe(app().latest()?.value);
    expect(await signsIn(app(), good?.value ?? "")).toBe(true);
    await app().clock.advance(3 * DAY);
    expect(keyIds()).toEqual([app().latest()?.tags.keyId]);
  });
});

describe("tags that tell of a delivery", () => {
  it("which never was have nothing good retired: the consumer is handed what is current before", async () => {
    const { cloud, clock } = app();
    const before = app().held();
    const end = inject(cloud.wire, refuses({ service: "openmetadata" }));
    await app().call("POST", "rotate", { because: "one more leaver" });
    await retag(SECRET, { deliveredOn: "2031-02-01T00:00:00.000Z", confirmedOn: "2031-02-01T01:00:00.000Z" });
    end();
    expect(app().held()).toBe(before);
    const refusals = cloud.ingestion.refusals().length;
    await clock.advance(3 * DAY);
    expect(cloud.ingestion.refusals()).toHaveLength(refusals);
    expect(app().held()).toBe(app().latest()?.value);
    expect(keyIds()).toEqual([app().latest()?.tags.keyId]);
  });

  it("that is put off for years put it off for hours", async () => {
    const { cloud, clock } = app();
    const end = inject(cloud.wire, refuses({ service: "openmetadata" }));
    await app().call("POST", "rotate", { because: "the next leaver" });
    await retag(SECRET, { pushOn: "2060-01-01T00:00:00.000Z" });
    end();
    await clock.advance(2 * HOUR);
    expect(app().held()).toBe(app().latest()?.value);
    await clock.advance(3 * DAY);
  });
});

describe("tags that tell of another age", () => {
  it("have no leaked secret spared: what Entra says of its age counts", async () => {
    const leaked = app().latest()?.value ?? "";
    for (const name of [SECRET, `${SECRET}-next`]) await retag(name, { issuedOn: "2033-01-01T00:00:00.000Z" });
    await app().post("rotate", { because: "compromised", revokeOld: true });
    expect(app().latest()?.value).not.toBe(leaked);
    expect(await signsIn(app(), leaked)).toBe(false);
  });

  it("have none kept beyond its end: what Entra says of that counts", async () => {
    await app().clock.advance(3 * DAY);
    const { tags } = app().latest() ?? {};
    for (const name of [SECRET, `${SECRET}-next`]) await retag(name, {}, { exp: 2_114_380_800 });
    const { body } = await app().call("GET", "status");
    const [deployment] = body.deployments as { credentials: { plan: { dueOn: string } }[] }[];
    const due = new Date(Date.parse(tags?.issuedOn ?? "") + 60 * DAY);
    expect(deployment?.credentials[0]?.plan.dueOn).toMatch(due.toISOString().slice(0, 13));
  });
});

describe("a current secret that is dead, or another one than is noted", () => {
  it("is found and replaced within a day, whoever made it so", async () => {
    await app().clock.advance(DAY);
    const { value, tags } = app().latest() ?? {};
    app().cloud.vault.setByHand(SECRET, "typed by hand", {
      tags: { ...tags },
      expiresOn: new Date(app().clock.now().getTime() + 60 * DAY),
    });
    await app().clock.advance(DAY + 3 * HOUR);
    expect(app().latest()?.value).not.toBe("typed by hand");
    expect(app().held()).toBe(app().latest()?.value);
    expect(await signsIn(app(), value ?? "")).toBe(true);
    removeReplaced(app());
  });

  it("is signed in with once a day and no oftener, which the vault notes", async () => {
    await app().clock.advance(3 * DAY);
    app().mark();
    const signIns: string[] = [];
    app().cloud.wire.onExchange.push(({ service, path }) => {
      if (service === "key-vault" && path.includes(`/secrets/${SECRET}/`) && !path.includes("/?")) signIns.push(path);
    });
    await app().clock.advance(3 * DAY);
    // Each reads the value, and notes that it signed in.
    expect(app().writes("key-vault")).toHaveLength(3);
    expect(app().latest()?.tags.checkedOn).toBeDefined();
    expect(app().cloud.ingestion.refusals()).toEqual([]);
    expect(signIns.length).toBeLessThanOrEqual(6);
  });
});
