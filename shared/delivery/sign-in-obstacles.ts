import { openIdConfigurationUrl } from "../deployment/addresses.ts";
import type { SecurityConfiguration } from "./server-ports.ts";

/**
 * What stands in the way of a new secret, one sentence each: the server's validator looks at all of its Azure settings
 * at every change, so that an old mistake blocks a new secret. Empty when nothing is known to. Pure.
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
    [server.authority === expected.authority, `authority is ${server.authority}: it must be ${expected.authority}`],
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
  ];
  return checks.filter(([holds]) => !holds).map(([, obstacle]) => obstacle);
}
