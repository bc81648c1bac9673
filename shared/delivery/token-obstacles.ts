import { admitsApplications, applicationClaim, principalClaims } from "../deployment/principal-claims.ts";
import type { SignInConfiguration } from "./ports.ts";

/**
 * What keeps the server from letting in the managed identity's Entra token, one sentence each, with what to do, as far
 * as it tells. Empty when nothing is known to. Pure.
 */
export function tokenObstacles(
  server: Omit<SignInConfiguration, "principalDomain">,
  expected: { keysUrl: string },
): string[] {
  const obstacles: string[] = [];
  // The published examples name the keys of all tenants; those verify our token too.
  const { origin } = new URL(expected.keysUrl);
  if (server.publicKeyUrls && !server.publicKeyUrls.some((url) => url.startsWith(`${origin}/`))) {
    obstacles.push(noKeys(expected.keysUrl));
  }
  const claims = principalClaims(server.jwtPrincipalClaims);
  if (!admitsApplications(claims)) {
    const other = applicationClaim(claims);
    obstacles.push(
      other
        ? `AUTHENTICATION_JWT_PRINCIPAL_CLAIMS names applications by "${other}": put "sub" before it`
        : 'AUTHENTICATION_JWT_PRINCIPAL_CLAIMS lacks "sub": append it',
    );
  }
  if (server.enforcePrincipalDomain) obstacles.push(DOMAIN_ENFORCED);
  return obstacles;
}

/**
 * The same, by the words in which the server refused such a token: they tell what its configuration does not. Seen in
 * 1.2 and 1.12.6. Pure.
 */
export function refusalObstacles(said: string, expected: { keysUrl: string }): string[] {
  if (/principal domain/i.test(said)) return [DOMAIN_ENFORCED];
  return /keyID doesn't match/i.test(said) ? [noKeys(expected.keysUrl)] : [];
}

const DOMAIN_ENFORCED =
  "AUTHORIZER_ENFORCE_PRINCIPAL_DOMAIN shuts out tokens without an e-mail, those of ingestion too where it signs in to Entra: turn it off. Where ingestion holds a token of OpenMetadata, the app alone can do with one, too: store that of an admin bot in the vault and name it in OPENMETADATA_TOKEN_SECRET";

function noKeys(keysUrl: string): string {
  return `AUTHENTICATION_PUBLIC_KEYS lacks ${keysUrl}: add it`;
}
