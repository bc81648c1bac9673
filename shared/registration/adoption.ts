import type { Application, Desired } from "./application.ts";

/**
 * A registration that was made by hand and is adopted serves people already: it is only ever added to. Its audience,
 * its token version and implicit issuance that is on are left alone (`leftAlone` tells), and a redirect URI that is on
 * the other platform is not moved, because that would end the sign-in that works (`misplaced` tells).
 */

/** The only audience in which nobody outside the tenant can sign in. */
export const SINGLE_TENANT = "AzureADMyOrg";
export const TOKEN_VERSION = 2;

/** Redirect URIs of an adopted registration that are on the other platform than the flow needs. Pure. */
export function misplaced(
  { adopted, platform, redirectUris }: Desired,
  { spa, web }: Pick<Application, "spa" | "web">,
): string[] {
  const other = platform === "spa" ? web.redirectUris : spa.redirectUris;
  return adopted ? redirectUris.filter((uri) => other.includes(uri)) : [];
}

/** What an adopted registration has otherwise than one of ours would, one clause each. Pure. */
export function leftAlone({ adopted, implicitIssuance: implicit }: Desired, found: Application): string[] {
  if (!adopted) return [];
  const told: string[] = [];
  const { signInAudience } = found;
  if (signInAudience !== SINGLE_TENANT) {
    told.push(`accepts accounts from other tenants (signInAudience ${signInAudience}, not ${SINGLE_TENANT})`);
  }
  if (found.api.requestedAccessTokenVersion !== TOKEN_VERSION) {
    told.push(`issues version 1 access tokens (requestedAccessTokenVersion, not ${TOKEN_VERSION})`);
  }
  if (implicit === false && implicitIssuance(found).includes(true)) {
    told.push("allows the implicit flow, which the authorization code flow does not need");
  }
  return told;
}

/** Whether the authorization endpoint hands out access tokens, and ID tokens, in this order. Pure. */
export function implicitIssuance({ web: { implicitGrantSettings: grant } }: Pick<Application, "web">): boolean[] {
  return [grant?.enableAccessTokenIssuance ?? false, grant?.enableIdTokenIssuance ?? false];
}
