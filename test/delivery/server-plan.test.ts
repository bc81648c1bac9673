import { describe, expect, it } from "vitest";
import {
  mayFollowEnvironment,
  referenceFaults,
  referencesTo,
  type ServerSignIn,
  signInObstacles,
  takesSecretByRest,
  type VaultReference,
} from "../../shared/delivery/server-plan.ts";

describe("takesSecretByRest()", () => {
  it.each([
    ["1.9.17", false],
    ["1.10.0", true],
    ["1.10.0-SNAPSHOT", true],
    ["1.12.6", true],
    ["1.13.0-rc1", true],
    ["2.0.0-SNAPSHOT", true],
    ["0.13.3", false],
    ["unknown", undefined],
    ["", undefined],
  ])("is told by OpenMetadata %s: %s", (version, takes) => {
    expect(takesSecretByRest(version)).toBe(takes);
  });
});

describe("mayFollowEnvironment()", () => {
  it.each([
    ["1.12.6", false],
    ["1.13.9", false],
    ["1.14.0", true],
    ["2.0.0-SNAPSHOT", true],
    ["unknown", true],
  ])("is told by OpenMetadata %s: %s", (version, may) => {
    expect(mayFollowEnvironment(version)).toBe(may);
  });
});

const AUTHORITY = "https://login.example.com/tenant";
const KEYS = `${AUTHORITY}/discovery/v2.0/keys`;
const expected = { appId: "server-app", authority: AUTHORITY, keysUrl: KEYS };
const oidc = {
  clientId: "server-app",
  tenant: "tenant",
  discoveryUri: `${AUTHORITY}/v2.0/.well-known/openid-configuration`,
  scope: "openid email profile offline_access",
  showsSecret: false,
};
const signIn = (change: Partial<ServerSignIn> = {}): ServerSignIn => ({
  provider: "azure",
  clientType: "confidential",
  authority: AUTHORITY,
  clientId: "server-app",
  publicKeyUrls: [KEYS, "https://openmetadata.example.com/api/v1/system/config/jwks"],
  oidc,
  ...change,
});
const obstacles = (change: Partial<ServerSignIn>) => signInObstacles(signIn(change), expected);

describe("signInObstacles()", () => {
  it("has nothing against what was provisioned", () => {
    expect(obstacles({})).toEqual([]);
  });

  it.each<[what: string, change: Partial<ServerSignIn>]>([
    [
      "the discovery address without a version",
      { oidc: { ...oidc, discoveryUri: `${AUTHORITY}/.well-known/openid-configuration` } },
    ],
    ["a tenant that it cannot know", { oidc: { ...oidc, tenant: undefined } }],
    ["the scopes in any order", { oidc: { ...oidc, scope: "offline_access  openid\tprofile" } }],
    ["the scope alone", { oidc: { ...oidc, scope: "offline_access" } }],
  ])("lets pass %s", (_, change) => {
    expect(obstacles(change)).toEqual([]);
  });

  it.each<[change: Partial<ServerSignIn>, told: string]>([
    [{ clientId: "other" }, "clientId is other: the server registration is server-app"],
    [{ clientId: "" }, "clientId is not set: the server registration is server-app"],
    [{ oidc: { ...oidc, clientId: "other" } }, "oidcConfiguration.id is other: the server registration is server-app"],
    [
      { oidc: { ...oidc, clientId: undefined } },
      "oidcConfiguration.id is not set: the server registration is server-app",
    ],
    [{ authority: `${AUTHORITY}/` }, `authority is ${AUTHORITY}/: it must be ${AUTHORITY}`],
    [
      { oidc: { ...oidc, discoveryUri: "https://login.example.com/v2.0/.well-known/openid-configuration" } },
      `oidcConfiguration.discoveryUri is https://login.example.com/v2.0/.well-known/openid-configuration: it must be ${AUTHORITY}/v2.0/.well-known/openid-configuration`,
    ],
    [
      { oidc: { ...oidc, discoveryUri: undefined } },
      `oidcConfiguration.discoveryUri is not set: it must be ${AUTHORITY}/v2.0/.well-known/openid-configuration`,
    ],
    [
      { oidc: { ...oidc, scope: "openid offline_accesses" } },
      'oidcConfiguration.scope is "openid offline_accesses": it lacks offline_access',
    ],
    [{ oidc: { ...oidc, scope: undefined } }, 'oidcConfiguration.scope is "": it lacks offline_access'],
    [{ publicKeyUrls: [`${KEYS}/`] }, `publicKeyUrls lack ${KEYS}`],
    [{ publicKeyUrls: [] }, `publicKeyUrls lack ${KEYS}`],
  ])("names what is wrong and what belongs there: %j", (change, told) => {
    expect(obstacles(change)).toEqual([told]);
  });

  it.each<[change: Partial<ServerSignIn>, found: string]>([
    [{ provider: "google" }, 'provider "google", client type "confidential"'],
    [{ clientType: "public" }, 'provider "azure", client type "public"'],
    [{ clientType: undefined }, 'provider "azure", client type "none"'],
    [{ oidc: undefined }, 'provider "azure", client type "confidential"'],
  ])("says that a server is set up otherwise, and no more: %j", (change, found) => {
    expect(obstacles({ ...change, authority: "wrong" })).toEqual([
      `the server is not set up for the authorization-code flow with Entra (${found})`,
    ]);
  });

  it("names all at once", () => {
    expect(obstacles({ clientId: "other", publicKeyUrls: [] })).toHaveLength(2);
  });
});

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
    [{ pinnedVersion: "v0" }, "OIDC_CLIENT_SECRET refers to one version of the secret: leave the version out"],
    [
      { pinnedVersion: "v0", status: "SecretVersionNotFound" },
      "OIDC_CLIENT_SECRET refers to one version of the secret: leave the version out",
    ],
    [{ status: "VaultNotFound" }, "OIDC_CLIENT_SECRET is not resolved: VaultNotFound"],
    [{ status: "OtherReasons", details: "why" }, "OIDC_CLIENT_SECRET is not resolved: OtherReasons (why)"],
    [
      { status: "AccessToKeyVaultDenied" },
      'OIDC_CLIENT_SECRET is not resolved: AccessToKeyVaultDenied: the site\'s identity needs the role "Key Vault Secrets User" on the vault',
    ],
    [
      { status: "MSINotEnabled", details: "none" },
      'OIDC_CLIENT_SECRET is not resolved: MSINotEnabled (none): the site\'s identity needs the role "Key Vault Secrets User" on the vault',
    ],
  ])("says why it will not show the current version: %j", (change, told) => {
    expect(referenceFaults([reference(), reference(change)], "v1")).toEqual([told]);
  });
});
