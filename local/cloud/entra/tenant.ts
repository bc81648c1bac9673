import type { Directory } from "../directory/create-directory.ts";
import { refuse } from "./refusal.ts";

/** Throws 90002 unless the first part of the path names this tenant, by its id or its verified domain. */
export function requireTenant(directory: Directory, tenant: string): void {
  const known = [directory.tenantId, directory.verifiedDomain];
  if (known.includes(tenant.toLowerCase())) return;
  throw refuse(
    90002,
    `Tenant '${tenant}' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud. Check with your subscription administrator, this may happen if there are no active subscriptions for the tenant.`,
  );
}

/** The issuer of tokens, derived from the address under which Entra is reached. */
export function issuer(origin: string, { tenantId }: Directory, version: 1 | 2): string {
  if (version === 2) return `${origin}/${tenantId}/v2.0`;
  // As in reality (sts.windows.net) another host issues the v1 tokens, which nobody can take for the other issuer.
  const url = new URL(origin);
  url.hostname = `sts.${url.hostname.replace(/^login\./, "")}`;
  return `${url.origin}/${tenantId}/`;
}
