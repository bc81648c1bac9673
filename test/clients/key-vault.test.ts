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

describe("keyVault()", () => {
  it("knows nothing of a secret that does not exist, nor of one that is only announced", async () => {
    const secret = store("announced");
    expect(await secret.latest()).toBeUndefined();
    await secret.announce("nonce", app().clock.now());
    expect(await secret.latest()).toBeUndefined();
    expect(app().latest("announced")).toMatchObject({ value: "intent", tags: { nonce: "nonce" } });
  });

  it("gives back what was stored, though another run has announced the next one since", async () => {
    const secret = store("hidden");
    await secret.store("first", credential("one"));
    await seconds(app(), 1);
    const second = await secret.store("second", credential("two"));
    await seconds(app(), 1);
    await secret.announce("other", app().clock.now());
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
