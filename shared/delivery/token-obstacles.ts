import { admitsApplications, applicationClaim, principalClaims } from "../deployment/principal-claims.ts";
import type { SignInConfiguration } from "./ports.ts";

/**
 * What to change so that the server accepts the managed identity's Entra token, one instruction each, as far
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
        ? `put "sub" before "${other}" in AUTHENTICATION_JWT_PRINCIPAL_CLAIMS`
        : 'append "sub" to AUTHENTICATION_JWT_PRINCIPAL_CLAIMS',
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
  "set AUTHORIZER_ENFORCE_PRINCIPAL_DOMAIN to false, because it rejects tokens without an email address (or, if ingestion uses a token issued by OpenMetadata, store the token of an administrator's bot in the vault and name that secret in OPENMETADATA_TOKEN_SECRET)";

function noKeys(keysUrl: string): string {
  return `add ${keysUrl} to AUTHENTICATION_PUBLIC_KEYS`;
}
