import { describe, expect, it } from "vitest";
import { amid, answers } from "../../proof/strikes/strike.ts";
import { keyVault, type VaultSecret } from "../../shared/clients/key-vault/key-vault.ts";
import { vaultName } from "../../shared/deployment/addresses.ts";
import { type App, openApp } from "../app/app.ts";

const app = openApp();

function store(name: string): VaultSecret {
  const { cloud, clock } = app();
  const getToken = async () => ({
    token: await cloud.entra.issueToken({ aud: "https://vault.localhost", oid: cloud.app.objectId }),
    expiresOnTimestamp: clock.now().getTime() + 3_600_000,
  });
  return keyVault({ url: cloud.urls.vault, name: vaultName(cloud.urls.vault) }, { getToken })(name);
}

const seconds = (app: App, amount: number): Promise<void> => app.clock.advance(amount * 1000);

function credential(keyId: string) {
  const issuedOn = app().clock.now();
  return { keyId, nonce: "nonce", issuedOn, expiresOn: new Date(issuedOn.getTime() + 90 * 24 * 3_600_000) };
}

const soon = () => ({ on: app().clock.now(), expiresOn: new Date(app().clock.now().getTime() + 90 * 24 * 3_600_000) });

describe("keyVault()", () => {
  it("knows nothing of a secret that does not exist, nor of one that is only announced", async () => {
    const secret = store("announced");
    expect(await secret.latest()).toBeUndefined();
    await secret.announce("nonce", soon());
    expect(await secret.latest()).toBeUndefined();
    expect(app().latest("announced")).toMatchObject({ value: "intent", tags: { nonce: "nonce" } });
  });

  it("gives back what was stored, though another run has announced the next one since", async () => {
    const secret = store("hidden");
    await secret.store("first", credential("one"));
    await seconds(app(), 1);
    const second = await secret.store("second", credential("two"));
    await seconds(app(), 1);
    await secret.announce("other", soon());
    expect(await secret.latest()).toMatchObject({ keyId: "two", version: second.version });
    expect(await secret.value(second.version)).toBe("second");
  });

  it("notes milestones beside each other and beside other people's tags, and takes a proof back", async () => {
    const secret = store("noted");
    const on = app().clock.now();
    app().cloud.vault.setByHand("noted", "by hand", { tags: { costCentre: "42" } });
    const latest = async () => {
      const found = await secret.latest();
      if (!found) throw new Error("The secret is gone");
      return found;
    };
    await secret.note(await latest(), { provenOn: on });
    await secret.note(await latest(), { deliveredOn: on });
    expect(await latest()).toMatchObject({ provenOn: on, deliveredOn: on, tags: { costCentre: "42" } });
    await secret.note(await latest(), { provenOn: undefined });
    expect(await latest()).toMatchObject({ provenOn: undefined, deliveredOn: on });
  });

  it("takes no tag of somebody else's secret for its own", async () => {
    const secret = store("foreign");
    app().cloud.vault.setByHand("foreign", "by hand", { tags: { keyId: "pretended", nonce: "x" } });
    expect(await secret.latest()).toMatchObject({ keyId: undefined, nonce: undefined, enabled: true });
  });

  it("shows a disabled version with its tags, which GET hides", async () => {
    const secret = store("disabled");
    await secret.store("value", credential("one"));
    app().cloud.vault.disable("disabled");
    expect(await secret.latest()).toMatchObject({ enabled: false, keyId: "one" });
  });

  it("shows the disabled version and no other one that was stored in the same second", async () => {
    for (const disabled of [0, 1, 2, 3]) {
      const secret = store(`twins-${disabled}`);
      for (const keyId of ["one", "two", "three", "four"].slice(0, disabled + 1)) {
        await secret.store("value", credential(keyId));
      }
      const latest = await secret.latest();
      app().cloud.vault.disable(`twins-${disabled}`);
      expect(await secret.latest()).toMatchObject({ enabled: false, version: latest?.version });
    }
  });

  it("tells a deleted secret from one that never was", async () => {
    const secret = store("deleted");
    expect(await secret.isDeleted()).toBe(false);
    await secret.store("value", credential("one"));
    app().cloud.vault.deleteByHand("deleted");
    expect(await secret.isDeleted()).toBe(true);
    expect(await secret.latest()).toBeUndefined();
  });

  it("announces again in the same version once the run of the last announcement must have ended", async () => {
    const secret = store("spent");
    const versions = () =>
      app()
        .cloud.vault.secrets()
        .find(({ name }) => name === "spent")?.versions ?? [];
    await secret.announce("first", soon());
    await seconds(app(), 15 * 60);
    await secret.announce("overlapping", soon());
    expect(versions().map(({ tags }) => tags.nonce)).toEqual(["first", "overlapping"]);
    await seconds(app(), 15 * 60 + 1);
    await secret.announce("third", soon());
    await seconds(app(), 15 * 60 + 1);
    await secret.announce("fourth", soon());
    expect(versions().map(({ tags }) => tags.nonce)).toEqual(["first", "fourth"]);
    await secret.store("value", credential("one"));
    await seconds(app(), 3_600);
    await secret.announce("fifth", soon());
    expect(versions().map(({ value }) => value)).toEqual(["intent", "intent", "value", "intent"]);
    expect(versions().every(({ expiresOn }) => expiresOn !== undefined)).toBe(true);
  });

  it("tells of all versions what their tags name, once, and nothing of a secret that does not exist", async () => {
    const secret = store("remembered");
    expect(await secret.history()).toEqual([]);
    const again = store("remembered");
    await again.store("first", credential("one"));
    await seconds(app(), 1);
    await again.store("second", credential("two"));
    expect((await again.history()).map(({ keyId }) => keyId).toSorted()).toEqual(["one", "two"]);
    app().mark();
    await again.history();
    expect(app().requests("key-vault")).toEqual([]);
  });

  it("keeps what was noted for an ask, and what a check found", async () => {
    const secret = store("asked");
    const on = app().clock.now();
    const asked = { before: on, because: "it leaked, they say" };
    await secret.store("value", { ...credential("one"), asked });
    const latest = await secret.latest();
    if (!latest) throw new Error("The secret is gone");
    await secret.note(latest, { checkedOn: on, refusedOn: on });
    expect(await secret.latest()).toMatchObject({ asked, checkedOn: on, refusedOn: on });
  });

  it("still notes everything where other people's tags leave no room, and takes none of theirs away", async () => {
    const secret = store("crowded");
    const on = app().clock.now();
    const theirs = Object.fromEntries(Array.from({ length: 11 }, (_, index) => [`tag${index}`, "theirs"]));
    const ours = { managedBy: "openmetadata-entra", keyId: "one", nonce: `${on.toISOString()} 0123456789abcdef01` };
    app().cloud.vault.setByHand("crowded", "value", { tags: { ...theirs, ...ours, issuedOn: on.toISOString() } });
    for (const milestone of ["provenOn", "promotedOn", "deliveredOn", "confirmedOn", "checkedOn"] as const) {
      const latest = await secret.latest();
      if (!latest) throw new Error("The secret is gone");
      await secret.note(latest, { [milestone]: on });
    }
    const { keyId, nonce } = ours;
    const noted = { issuedOn: on, provenOn: on, promotedOn: on, deliveredOn: on, confirmedOn: on, checkedOn: on };
    expect(await secret.latest()).toMatchObject({ keyId, nonce, ...noted });
    const { tags } = app().latest("crowded") ?? {};
    expect(Object.keys(tags ?? {})).toHaveLength(12);
    expect(tags).toMatchObject(theirs);
  });
});

describe("a vault in a cloud that lags behind", () => {
  const versions = ["7.0", "7.1", "7.2", "7.3", "7.4"];

  it("is spoken to in an older version of its API, page after page, and first refused once", async () => {
    const secret = store("sovereign");
    app().cloud.vault.setRules({ apiVersions: versions });
    app().mark();
    for (let count = 0; count < 30; count += 1) await secret.store("value", credential(`${count}`));
    app().cloud.vault.disable("sovereign");
    expect(await secret.latest()).toMatchObject({ enabled: false });
    const refused = app().exchanges.filter(({ service, status }) => service === "key-vault" && status === 400);
    expect(refused).toHaveLength(1);
    expect(app().requests("key-vault").length).toBe(1 + 30 + 1 + 2);
  });

  it("tells a mistake of ours as one", async () => {
    app().cloud.vault.setRules({ apiVersions: [...versions, "2025-07-01"] });
    app().mark();
    await expect(store("a b").latest()).rejects.toMatchObject({ status: 400, serviceCode: "BadParameter" });
    expect(app().requests("key-vault")).toHaveLength(1);
  });
});

describe("a vault's answer that leads elsewhere", () => {
  it("is not followed with a value", async () => {
    const elsewhere = answers(
      { service: "key-vault", method: "PUT" },
      { status: 307, headers: { location: `${app().cloud.urls.vault}/secrets/elsewhere?api-version=2025-07-01` } },
    );
    const storing = amid(app(), elsewhere, () => store("here").store("value", credential("one")));
    await expect(storing).rejects.toMatchObject({ status: 307 });
    expect(app().latest("elsewhere")).toBeUndefined();
  });
});
