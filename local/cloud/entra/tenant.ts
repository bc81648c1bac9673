import type { Directory } from "../directory/create-directory.ts";
import { refuse } from "./refusal.ts";

/** The id of the tenant that the first part of the path names, by its id or its verified domain; else throws 90002. */
export function requireTenant(directory: Directory, tenant: string): string {
  const named = tenant.toLowerCase();
  if ([directory.tenantId, directory.verifiedDomain].includes(named)) return directory.tenantId;
  if (directory.rules.otherTenants.includes(named)) return named;
  throw refuse(
    90002,
    `Tenant '${tenant}' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud. Check with your subscription administrator, this may happen if there are no active subscriptions for the tenant.`,
  );
}

/** The origin as the sign-in service writes it, whichever of its hosts is asked. */
export function writtenOrigin(origin: string, { rules }: Directory): string {
  const url = new URL(origin);
  if (rules.sisterHost !== undefined) url.hostname = rules.sisterHost;
  return url.origin;
}

/**
 * The issuer of tokens, by the origin as it is written. That of v2 tokens is derived from the address under which Entra is reached; that of v1 tokens is
 * a fixed name in each cloud, which other emulators (Azurite) compare, and from which nothing is ever fetched.
 */
export function issuer(origin: string, tenantId: string, version: 1 | 2): string {
  return version === 2 ? `${origin}/${tenantId}/v2.0` : `https://sts.windows.net/${tenantId}/`;
}
