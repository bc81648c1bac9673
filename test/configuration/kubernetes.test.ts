import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { helmValues } from "../../shared/configuration/kubernetes.ts";
import { AUTHORITY, comments, described, OWN, SERVER, TENANT, VAULT } from "./described.ts";

const authorizer = {
  className: "org.openmetadata.service.security.DefaultAuthorizer",
  containerRequestFilter: "org.openmetadata.service.security.JwtFilter",
  initialAdmins: ["jane.doe", "john", OWN],
  principalDomain: "example.com",
  enforcePrincipalDomain: false,
};
const authentication = {
  provider: "azure",
  publicKeys: [`${AUTHORITY}/discovery/v2.0/keys`, "https://om.example.com/api/v1/system/config/jwks"],
  authority: AUTHORITY,
  clientId: SERVER,
  callbackUrl: "https://om.example.com/callback",
  jwtPrincipalClaims: ["preferred_username", "email", "sub"],
};

describe("helmValues()", () => {
  it.each([
    ["0.13.3", "global"],
    ["1.0.0", "global"],
    ["1.1.0", "openmetadata"],
    ["1.2.5", "openmetadata"],
    ["2.0.0", "openmetadata"],
  ])("puts the values of %s below %s", (version, top) => {
    expect(Object.keys(parse(helmValues(described(version, "implicit"))))).toEqual([top]);
  });

  it("says what the implicit flow needs", () => {
    expect(parse(helmValues(described("1.12.3", "implicit")))).toEqual({
      openmetadata: { config: { authorizer, authentication: { ...authentication, clientType: "public" } } },
    });
  });

  it("takes client id and secret from a Kubernetes secret in the authorization code flow", () => {
    expect(parse(helmValues(described("1.12.3", "auth-code")))).toEqual({
      openmetadata: {
        config: {
          authorizer,
          authentication: {
            ...authentication,
            clientType: "confidential",
            oidcConfiguration: {
              enabled: true,
              clientId: { secretRef: "oidc-secrets", secretKey: "openmetadata-oidc-client-id" },
              clientSecret: { secretRef: "oidc-secrets", secretKey: "openmetadata-oidc-client-secret" },
              oidcType: "azure",
              scope: "offline_access openid email profile",
              discoveryUri: `${AUTHORITY}/v2.0/.well-known/openid-configuration`,
              tenant: TENANT,
              callbackUrl: "https://om.example.com/callback",
              serverUrl: "https://om.example.com",
            },
          },
        },
      },
    });
  });

  it("corrects the spelling of oidcConfiguration.enabled, and says so", () => {
    const text = helmValues(described("1.12.3", "auth-code"));
    expect(text).toMatch(/^ {6}oidcConfiguration:\n(?: {8}#.*\n)+ {8}enabled: true\n/m);
    expect(comments(text)).toMatch(/the published page shows a single key named "oidcConfiguration\.enabled"/);
  });

  it("gives the command that makes the Kubernetes secret without showing its value", () => {
    const told = comments(helmValues(described("1.12.3", "auth-code")));
    expect(told).toContain(
      `az keyvault secret show --id ${VAULT}/secrets/openmetadata-server-client-secret --query value --output tsv | tr -d '\\n' | kubectl create secret generic oidc-secrets --from-literal=openmetadata-oidc-client-id=${SERVER} --from-file=openmetadata-oidc-client-secret=/dev/stdin`,
    );
    expect(comments(helmValues(described("1.12.3", "implicit")))).not.toContain("kubectl");
  });

  it("admits that no chart of 2.x was known", () => {
    expect(comments(helmValues(described("2.0.0", "auth-code")))).toContain("These keys are from chart 1.13");
    expect(comments(helmValues(described("1.12.3", "auth-code")))).not.toContain("helm show values");
  });
});
