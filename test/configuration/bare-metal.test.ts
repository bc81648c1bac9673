import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { bareMetalFragment } from "../../shared/configuration/bare-metal.ts";
import { AUTHORITY, comments, described, OWN, SERVER, TENANT, VAULT } from "./described.ts";

const authorizer = {
  className: "org.openmetadata.service.security.DefaultAuthorizer",
  containerRequestFilter: "org.openmetadata.service.security.JwtFilter",
  adminPrincipals: ["Jane.Doe", "john", OWN],
  principalDomain: "example.com",
  enforcePrincipalDomain: false,
};
const authentication = {
  provider: "azure",
  publicKeyUrls: [`${AUTHORITY}/discovery/v2.0/keys`, "https://om.example.com/api/v1/config/jwks"],
  authority: AUTHORITY,
  clientId: SERVER,
  callbackUrl: "https://om.example.com/callback",
  jwtPrincipalClaims: ["preferred_username", "email", "sub"],
};
const lowerCase = { ...authorizer, adminPrincipals: ["jane.doe", "john", OWN] };
const recentKeys = [`${AUTHORITY}/discovery/v2.0/keys`, "https://om.example.com/api/v1/system/config/jwks"];

describe("bareMetalFragment()", () => {
  it("says for 0.13 what that release knows, and no more", () => {
    expect(parse(bareMetalFragment(described("0.13.3", "implicit")))).toEqual({
      authorizerConfiguration: authorizer,
      authenticationConfiguration: authentication,
    });
  });

  it("refers to the environment for the secret, and says where the environment has it from", () => {
    const text = bareMetalFragment(described("1.12.3", "auth-code"));
    expect(parse(text)).toEqual({
      authorizerConfiguration: lowerCase,
      authenticationConfiguration: {
        ...authentication,
        providerName: "azure",
        publicKeyUrls: recentKeys,
        clientType: "confidential",
        oidcConfiguration: {
          id: SERVER,
          type: "azure",
          // biome-ignore lint/suspicious/noTemplateCurlyInString: a reference, resolved by the server
          secret: "${OIDC_CLIENT_SECRET}",
          scope: "offline_access openid email profile",
          discoveryUri: `${AUTHORITY}/v2.0/.well-known/openid-configuration`,
          tenant: TENANT,
          callbackUrl: "https://om.example.com/callback",
          serverUrl: "https://om.example.com",
        },
      },
    });
    expect(comments(text)).toContain(
      `export OIDC_CLIENT_SECRET="$(az keyvault secret show --id ${VAULT}/secrets/openmetadata-server-client-secret`,
    );
  });

  it("uses the new names of 2.x", () => {
    const read = parse(bareMetalFragment(described("2.0.0", "auth-code")));
    expect(read.authorizerConfiguration.adminEmails).toEqual(["Jane.Doe@example.com", "john@example.com"]);
    expect(read.authenticationConfiguration.callbackUrl).toBe("");
  });
});
