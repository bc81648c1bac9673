import { openIdConfigurationUrl } from "../deployment/addresses.ts";
import type { SecurityConfiguration } from "./server-ports.ts";

/**
 * What to correct before a new secret is accepted, one instruction each: the server's validator looks at all of these settings at
 * every change, so that an old mistake blocks a new secret. It minds neither the authority of a confidential client nor
 * anything that the change itself sets (the secret, the provider's name). Empty when nothing is known to. Pure.
 */
export function signInObstacles(
  server: SecurityConfiguration,
  expected: { appId: string; authority: string; keysUrl: string },
): string[] {
  if (server.provider !== "azure" || server.clientType !== "confidential" || !server.oidc) {
    const found = `provider "${server.provider}", client type "${server.clientType ?? "none"}"`;
    return [`set up the authorization code flow with Entra (now: ${found})`];
  }
  const { oidc } = server;
  const tenant = expected.authority.slice(expected.authority.lastIndexOf("/") + 1);
  const discovery = (["v1.0", "v2.0"] as const).map((version) => openIdConfigurationUrl(expected.authority, version));
  const checks: [holds: boolean, obstacle: string][] = [
    [
      isSame(server.clientId, expected.appId),
      `set clientId to ${expected.appId} (now: ${server.clientId || "not set"})`,
    ],
    [
      isSame(oidc.clientId, expected.appId),
      `set oidcConfiguration.id to ${expected.appId} (now: ${oidc.clientId ?? "not set"})`,
    ],
    [
      oidc.tenant === undefined || isSame(oidc.tenant, tenant),
      `set oidcConfiguration.tenant to ${tenant} (now: ${oidc.tenant || "empty"})`,
    ],
    [
      discovery.includes(oidc.discoveryUri ?? ""),
      `set oidcConfiguration.discoveryUri to ${discovery[1]} (now: ${oidc.discoveryUri ?? "not set"})`,
    ],
    [
      (oidc.scope ?? "").split(/\s+/).includes("offline_access"),
      `add offline_access to oidcConfiguration.scope (now: "${oidc.scope ?? ""}")`,
    ],
    // The validator compares the whole address.
    [server.publicKeyUrls.includes(expected.keysUrl), `add ${expected.keysUrl} to publicKeyUrls`],
    [
      server.adminPrincipals === undefined || server.adminPrincipals.length > 0,
      "add an administrator to authorizerConfiguration.adminPrincipals (now: empty)",
    ],
  ];
  return checks.filter(([holds]) => !holds).map(([, obstacle]) => obstacle);
}

/** GUIDs have no case, and people copy them in both. */
function isSame(one: string | undefined, other: string): boolean {
  return one?.toLowerCase() === other.toLowerCase();
}
