import { isOfAuthority } from "../deployment/clouds.ts";
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
  if (server.publicKeyUrls && !server.publicKeyUrls.some((url) => isOfAuthority(url, expected.keysUrl))) {
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
 * 1.2 and 1.12.6. A server that cannot fetch keys says of every token that it does not find its key. Pure.
 */
export function refusalObstacles(said: string, { keysUrl, publicKeyUrls = [] }: Refused): string[] {
  if (/principal domain/i.test(said)) return [DOMAIN_ENFORCED];
  if (!lacksKey(said)) return [];
  const listed = publicKeyUrls.find((url) => isOfAuthority(url, keysUrl));
  return [listed === undefined ? noKeys(keysUrl) : unreachable(listed)];
}

interface Refused {
  keysUrl: string;
  /** Where the server says that it takes keys from, if it does. */
  publicKeyUrls?: readonly string[] | undefined;
}

/** Did the server not find the key of a token? Pure. */
export function lacksKey(said: string): boolean {
  return /keyID doesn't match/i.test(said);
}

const DOMAIN_ENFORCED =
  "set AUTHORIZER_ENFORCE_PRINCIPAL_DOMAIN to false, because it rejects tokens without an email address (or, if ingestion uses a token issued by OpenMetadata, store the token of an administrator's bot in the vault and name that secret in OPENMETADATA_TOKEN_SECRET)";

function unreachable(url: string): string {
  return `let it reach ${url}: the server lists this address, but has not found the key there (check its outbound network, its proxy and the certificates that it trusts)`;
}

function noKeys(keysUrl: string): string {
  return `add ${keysUrl} to AUTHENTICATION_PUBLIC_KEYS`;
}
