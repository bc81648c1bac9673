import { openIdConfigurationUrl } from "../deployment/addresses.ts";
import type { SecurityConfiguration } from "./server-ports.ts";

/**
 * What stands in the way of a new secret, one sentence each: the server's validator looks at all of these settings at
 * every change, so that an old mistake blocks a new secret. It minds neither the authority of a confidential client nor
 * anything that the change itself sets (the secret, the provider's name). Empty when nothing is known to. Pure.
 */
export function signInObstacles(
  server: SecurityConfiguration,
  expected: { appId: string; authority: string; keysUrl: string },
): string[] {
  if (server.provider !== "azure" || server.clientType !== "confidential" || !server.oidc) {
    const found = `provider "${server.provider}", client type "${server.clientType ?? "none"}"`;
    return [`the server is not set up for the authorization-code flow with Entra (${found})`];
  }
  const { oidc } = server;
  const tenant = expected.authority.slice(expected.authority.lastIndexOf("/") + 1);
  const discovery = (["v1.0", "v2.0"] as const).map((version) => openIdConfigurationUrl(expected.authority, version));
  const checks: [holds: boolean, obstacle: string][] = [
    [
      server.clientId === expected.appId,
      `clientId is ${server.clientId || "not set"}: the server registration is ${expected.appId}`,
    ],
    [
      oidc.clientId === expected.appId,
      `oidcConfiguration.id is ${oidc.clientId ?? "not set"}: the server registration is ${expected.appId}`,
    ],
    [
      oidc.tenant === undefined || oidc.tenant.toLowerCase() === tenant.toLowerCase(),
      `oidcConfiguration.tenant is ${oidc.tenant || "empty"}: it must be ${tenant}`,
    ],
    [
      discovery.includes(oidc.discoveryUri ?? ""),
      `oidcConfiguration.discoveryUri is ${oidc.discoveryUri ?? "not set"}: it must be ${discovery[1]}`,
    ],
    [
      (oidc.scope ?? "").split(/\s+/).includes("offline_access"),
      `oidcConfiguration.scope is "${oidc.scope ?? ""}": it lacks offline_access`,
    ],
    // The validator compares the whole address.
    [server.publicKeyUrls.includes(expected.keysUrl), `publicKeyUrls lack ${expected.keysUrl}`],
    [
      server.adminPrincipals === undefined || server.adminPrincipals.length > 0,
      "authorizerConfiguration.adminPrincipals is empty: list an administrator there",
    ],
  ];
  return checks.filter(([holds]) => !holds).map(([, obstacle]) => obstacle);
}
