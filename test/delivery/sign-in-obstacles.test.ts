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
    ["an authority that it does not mind", { authority: `${AUTHORITY}/v2.0` }],
    ["administrators that are not shown", { adminPrincipals: undefined }],
    ["a tenant that it cannot know", { oidc: { ...oidc, tenant: undefined } }],
    ["the scopes in any order", { oidc: { ...oidc, scope: "offline_access  openid\tprofile" } }],
    ["the scope alone", { oidc: { ...oidc, scope: "offline_access" } }],
  ])("lets pass %s", (_, change) => {
    expect(obstacles(change)).toEqual([]);
  });

  it.each<[change: Partial<SecurityConfiguration>, told: string]>([
    [{ clientId: "other" }, "clientId is other: the server registration is server-app"],
    [{ clientId: "" }, "clientId is not set: the server registration is server-app"],
    [{ oidc: { ...oidc, clientId: "other" } }, "oidcConfiguration.id is other: the server registration is server-app"],
    [
      { oidc: { ...oidc, clientId: undefined } },
      "oidcConfiguration.id is not set: the server registration is server-app",
    ],
    [{ oidc: { ...oidc, tenant: AUTHORITY } }, `oidcConfiguration.tenant is ${AUTHORITY}: it must be tenant`],
    [{ oidc: { ...oidc, tenant: "" } }, "oidcConfiguration.tenant is empty: it must be tenant"],
    [{ adminPrincipals: [] }, "authorizerConfiguration.adminPrincipals is empty: list an administrator there"],
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

  it.each<[change: Partial<SecurityConfiguration>, found: string]>([
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
