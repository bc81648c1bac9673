import { describe, expect, it } from "vitest";
import { refreshAppService } from "../../shared/delivery/app-service.ts";
import type { AppServicePorts, VaultReference } from "../../shared/delivery/server-ports.ts";

const SECOND = 1000;
const NOON = new Date("2026-01-01T12:00:00Z").getTime();

const reference = (change: Partial<VaultReference> = {}): VaultReference => ({
  setting: "OIDC_CLIENT_SECRET",
  vault: "kv",
  secret: "secret",
  pinnedVersion: undefined,
  activeVersion: "old",
  status: "Resolved",
  details: undefined,
  ...change,
});

/** A site that reads the vault so many looks after it was told to; what is done to it is told in order. */
function site({
  first = [reference()],
  readsAfter = 1,
  mayRestart = true,
  change = {} as Partial<AppServicePorts>,
} = {}) {
  const did: string[] = [];
  let time = NOON;
  let looksLeft = Number.POSITIVE_INFINITY;
  const ports: AppServicePorts = {
    name: "site",
    vault: "kv",
    secret: "secret",
    mayRestart,
    async references() {
      did.push("look");
      looksLeft -= 1;
      return looksLeft > 0 ? first : first.map((one) => ({ ...one, activeVersion: "new", status: "Resolved" }));
    },
    async refresh() {
      did.push("refresh");
      looksLeft = readsAfter;
    },
    async restart() {
      did.push("restart");
    },
    now: () => new Date(time),
    async wait(milliseconds) {
      did.push(`wait ${milliseconds / SECOND}`);
      time += milliseconds;
    },
    ...change,
  };
  const push = ({ needsRestart = true, seconds = 60, version = "new" } = {}) =>
    refreshAppService(ports, {
      version,
      endsOn: new Date(NOON + seconds * SECOND),
      subject: "Cannot push",
      needsRestart,
    });
  return { push, did };
}

describe("refreshAppService()", () => {
  it("refreshes, sees the new version, and restarts", async () => {
    const { push, did } = site();
    expect(await push()).toEqual({ kind: "delivered", detail: 'App Service "site" was restarted with the secret' });
    expect(did).toEqual(["look", "refresh", "look", "restart"]);
  });

  it("refreshes nothing that shows the version already", async () => {
    const { push, did } = site({ first: [reference({ activeVersion: "new" })] });
    expect(await push({ needsRestart: false })).toEqual({
      kind: "delivered",
      detail: 'App Service "site" has read the secret',
    });
    expect(did).toEqual(["look"]);
  });

  it("restarts only where that is allowed, and says what is left otherwise", async () => {
    const { push, did } = site({ mayRestart: false });
    expect(await push()).toEqual({
      kind: "resolved",
      because: 'App Service "site" has read the secret; restart the site to use it',
    });
    expect(did).not.toContain("restart");
  });

  it("waits for a platform that takes its time, six looks in all after the refresh", async () => {
    const patient = site({ readsAfter: 6 });
    expect(await patient.push()).toMatchObject({ kind: "delivered" });
    expect(patient.did.filter((one) => one === "wait 2")).toHaveLength(5);
    const late = site({ readsAfter: 7 });
    expect(await late.push()).toEqual({
      kind: "waiting",
      code: "app-service-pending",
      because: 'App Service "site" has not read the new version yet',
    });
    expect(late.did).not.toContain("restart");
  });

  it.each([
    [2, "delivered"],
    [1, "waiting"],
  ])("waits only while there is time: with %i seconds it is %s", async (seconds, kind) => {
    expect(await site({ readsAfter: 2 }).push({ seconds })).toMatchObject({ kind });
  });

  it("does not take one reference of two for both", async () => {
    const first = [reference({ activeVersion: "new" }), reference({ setting: "OTHER" })];
    const { push, did } = site({ first });
    expect(await push()).toMatchObject({ kind: "delivered" });
    expect(did).toContain("refresh");
  });

  it("does not take an unresolved one for resolved, though it names the version", async () => {
    const { push } = site({
      first: [reference({ activeVersion: "new", status: "AccessToKeyVaultDenied" })],
      readsAfter: 9,
    });
    await expect(push()).rejects.toMatchObject({
      code: "app-service-misconfigured",
      hint: expect.stringContaining("Key Vault Secrets User"),
    });
  });

  it("says which setting belongs where none refers to the secret", async () => {
    const { push, did } = site({ first: [reference({ secret: "other" })] });
    await expect(push()).rejects.toMatchObject({
      code: "app-service-misconfigured",
      hint: expect.stringContaining("\n@Microsoft.KeyVault(VaultName=kv;SecretName=secret)"),
    });
    expect(did).toEqual(["look"]);
  });
});
