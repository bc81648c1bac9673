import { DEFAULT_PRINCIPAL_CLAIMS } from "./openmetadata-defaults.ts";

/** What stands in an application's token of Entra and may name it; none of what names people does. */
const IN_APPLICATION_TOKENS = ["sub", "oid", "azp", "appid"];

/** Those of them that are the object id of the service principal, as which its user is known. */
const OBJECT_ID = ["sub", "oid"];

/** The claims that count: those that the server has, or OpenMetadata's own where it has none. */
export function principalClaims(configured: readonly string[]): readonly string[] {
  return configured.length > 0 ? configured : DEFAULT_PRINCIPAL_CLAIMS;
}

/**
 * The first claim, in the order in which OpenMetadata looks, that an application's token of Entra has; undefined where
 * no listed one is in it. Microsoft Learn: "Access token claims reference". Claims have no case in OpenMetadata.
 */
export function applicationClaim(claims: readonly string[]): string | undefined {
  return claims.find((claim) => IN_APPLICATION_TOKENS.includes(claim.toLowerCase()));
}

/**
 * Whether an application is found by the object id of its service principal, which is the name of the user that it is
 * let in as. By `azp` or `appid` it would be looked for as another user, that of its client id.
 */
export function admitsApplications(claims: readonly string[]): boolean {
  return OBJECT_ID.includes(applicationClaim(claims)?.toLowerCase() ?? "");
}
