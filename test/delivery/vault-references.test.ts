import { describe, expect, it } from "vitest";
import type { VaultReference } from "../../shared/delivery/server-ports.ts";
import { referenceFaults, referencesTo } from "../../shared/delivery/vault-references.ts";

const reference = (change: Partial<VaultReference> = {}): VaultReference => ({
  setting: "OIDC_CLIENT_SECRET",
  vault: "openmetadata-kv",
  secret: "openmetadata-server-client-secret",
  pinnedVersion: undefined,
  activeVersion: "v1",
  status: "Resolved",
  details: undefined,
  ...change,
});
const wanted = { vault: "openmetadata-kv", secret: "openmetadata-server-client-secret" };

describe("referencesTo()", () => {
  it("finds those to this secret of this vault, whatever their case", () => {
    const shouted = reference({ vault: "OpenMetadata-KV", secret: "OpenMetadata-Server-Client-Secret" });
    const others = [reference({ vault: "other" }), reference({ secret: "other" }), reference({ vault: undefined })];
    expect(referencesTo([reference(), shouted, ...others], wanted)).toEqual([reference(), shouted]);
    expect(referencesTo([], wanted)).toEqual([]);
  });
});

describe("referenceFaults()", () => {
  it.each<[what: string, change: Partial<VaultReference>]>([
    ["one that is resolved, be it to an older version", { activeVersion: "v0" }],
    ["one that is about to be", { status: "Initialized", activeVersion: undefined }],
    ["one that is pinned to the current version", { pinnedVersion: "v1" }],
  ])("has nothing against %s", (_, change) => {
    expect(referenceFaults([reference(change)], "v1")).toEqual([]);
  });

  it.each<[change: Partial<VaultReference>, told: string]>([
    [{ pinnedVersion: "v0" }, "remove the version from the reference in OIDC_CLIENT_SECRET"],
    [
      { pinnedVersion: "v0", status: "SecretVersionNotFound" },
      "remove the version from the reference in OIDC_CLIENT_SECRET",
    ],
    [{ status: "VaultNotFound" }, "OIDC_CLIENT_SECRET does not resolve: VaultNotFound"],
    [{ status: "OtherReasons", details: "why" }, "OIDC_CLIENT_SECRET does not resolve: OtherReasons (why)"],
    [
      { status: "AccessToKeyVaultDenied" },
      'OIDC_CLIENT_SECRET does not resolve: AccessToKeyVaultDenied; give the site\'s identity the role "Key Vault Secrets User" on the vault',
    ],
    [
      { status: "MSINotEnabled", details: "none" },
      'OIDC_CLIENT_SECRET does not resolve: MSINotEnabled (none); give the site\'s identity the role "Key Vault Secrets User" on the vault',
    ],
  ])("says why it will not show the current version: %j", (change, told) => {
    expect(referenceFaults([reference(), reference(change)], "v1")).toEqual([told]);
  });
});
