import { describe, expect, it } from "vitest";
import type { SecurityConfiguration } from "../../shared/delivery/server-ports.ts";
import { signInObstacles } from "../../shared/delivery/sign-in-obstacles.ts";

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
const signIn = (change: Partial<SecurityConfiguration> = {}): SecurityConfiguration => ({
  provider: "azure",
  providerName: "azure",
  clientType: "confidential",
  authority: AUTHORITY,
  adminPrincipals: ["alice"],
  enforcePrincipalDomain: false,
  clientId: "server-app",
  publicKeyUrls: [KEYS, "https://openmetadata.example.com/api/v1/system/config/jwks"],
  oidc,
  ...change,
});
const obstacles = (change: Partial<SecurityConfiguration>) => signInObstacles(signIn(change), expected);

describe("signInObstacles()", () => {
  it("has nothing against what was provisioned", () => {
    expect(obstacles({})).toEqual([]);
  });

  it.each<[what: string, change: Partial<SecurityConfiguration>]>([
    [
      "the discovery address without a version",
      { oidc: { ...oidc, discoveryUri: `${AUTHORITY}/.well-known/openid-configuration` } },
    ],
    ["a provider without a name, which comes with the secret", { providerName: "" }],
    ["ids that somebody has copied in capitals", { clientId: "SERVER-APP", oidc: { ...oidc, clientId: "Server-App" } }],
    ["an authority that it does not mind", { authority: `${AUTHORITY}/v2.0` }],
    ["administrators that are not shown", { adminPrincipals: undefined }],
    ["a tenant that it cannot know", { oidc: { ...oidc, tenant: undefined } }],
    ["the scopes in any order", { oidc: { ...oidc, scope: "offline_access  openid\tprofile" } }],
    ["the scope alone", { oidc: { ...oidc, scope: "offline_access" } }],
  ])("lets pass %s", (_, change) => {
    expect(obstacles(change)).toEqual([]);
  });

  it.each<[change: Partial<SecurityConfiguration>, told: string]>([
    [{ clientId: "other" }, "set clientId to server-app (now: other)"],
    [{ clientId: "" }, "set clientId to server-app (now: not set)"],
    [{ oidc: { ...oidc, clientId: "other" } }, "set oidcConfiguration.id to server-app (now: other)"],
    [{ oidc: { ...oidc, clientId: undefined } }, "set oidcConfiguration.id to server-app (now: not set)"],
    [{ oidc: { ...oidc, tenant: AUTHORITY } }, `set oidcConfiguration.tenant to tenant (now: ${AUTHORITY})`],
    [{ oidc: { ...oidc, tenant: "" } }, "set oidcConfiguration.tenant to tenant (now: empty)"],
    [{ adminPrincipals: [] }, "add an administrator to authorizerConfiguration.adminPrincipals (now: empty)"],
    [
      { oidc: { ...oidc, discoveryUri: "https://login.example.com/other" } },
      `set oidcConfiguration.discoveryUri to ${AUTHORITY}/v2.0/.well-known/openid-configuration (now: https://login.example.com/other)`,
    ],
    [
      { oidc: { ...oidc, discoveryUri: undefined } },
      `set oidcConfiguration.discoveryUri to ${AUTHORITY}/v2.0/.well-known/openid-configuration (now: not set)`,
    ],
    [
      { oidc: { ...oidc, scope: "openid offline_accesses" } },
      'add offline_access to oidcConfiguration.scope (now: "openid offline_accesses")',
    ],
    [{ oidc: { ...oidc, scope: undefined } }, 'add offline_access to oidcConfiguration.scope (now: "")'],
    [{ publicKeyUrls: [`${KEYS}/`] }, `add ${KEYS} to publicKeyUrls`],
    [{ publicKeyUrls: [] }, `add ${KEYS} to publicKeyUrls`],
  ])("names what is wrong and what belongs there: %j", (change, told) => {
    expect(obstacles(change)).toEqual([told]);
  });

  it.each<[change: Partial<SecurityConfiguration>, found: string]>([
    [{ provider: "google" }, 'provider "google", client type "confidential"'],
    [{ clientType: "public" }, 'provider "azure", client type "public"'],
    [{ clientType: undefined }, 'provider "azure", client type "none"'],
    [{ oidc: undefined }, 'provider "azure", client type "confidential"'],
  ])("says that a server is set up otherwise, and no more: %j", (change, found) => {
    expect(obstacles({ ...change, authority: "wrong" })).toEqual([
      `set up the authorization code flow with Entra (now: ${found})`,
    ]);
  });

  it("names all at once", () => {
    expect(obstacles({ clientId: "other", publicKeyUrls: [] })).toHaveLength(2);
  });
});
