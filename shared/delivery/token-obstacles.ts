import { admitsApplications, applicationClaim, principalClaims } from "../deployment/principal-claims.ts";
import type { SignInConfiguration } from "./ports.ts";

/**
 * What keeps the server from letting in the managed identity's Entra token, one sentence each, with what to do.
 * Empty when nothing is known to. Pure.
 */
export function tokenObstacles(
  server: Omit<SignInConfiguration, "principalDomain">,
  expected: { keysUrl: string },
): string[] {
  const obstacles: string[] = [];
  // The published examples name the keys of all tenants; those verify our token too.
  const { origin } = new URL(expected.keysUrl);
  if (!server.publicKeyUrls.some((url) => url.startsWith(`${origin}/`))) {
    obstacles.push(`AUTHENTICATION_PUBLIC_KEYS lacks ${expected.keysUrl}: add it`);
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
  if (server.enforcePrincipalDomain) {
    obstacles.push(
      "AUTHORIZER_ENFORCE_PRINCIPAL_DOMAIN shuts out tokens without an e-mail, those of ingestion too where it signs in to Entra: turn it off. Where ingestion holds a token of OpenMetadata, the app alone can do with one, too: store that of an admin bot in the vault and name it in OPENMETADATA_TOKEN_SECRET",
    );
  }
  return obstacles;
}
