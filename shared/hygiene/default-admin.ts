import { isDefaultAdmin } from "../deployment/openmetadata-defaults.ts";
import { isAtLeast, type Release } from "../deployment/release.ts";
import type { Finding } from "./finding.ts";
import type { ServerSettings } from "./ports.ts";

/** From here on what the server shows is what it has stored, while a start goes by its environment. */
const FIRST_STORED: Release = [1, 10, 0];

/**
 * Whether the next start makes the default admin anew; undefined where nobody can see it: in releases that do not tell
 * the list of their environment, which decides (seen in 1.12.6). Pure.
 */
export function isListed(
  { adminPrincipals, storedAdmins }: Pick<ServerSettings, "adminPrincipals" | "storedAdmins">,
  release: Release | undefined,
): boolean | undefined {
  if ([...(adminPrincipals ?? []), ...(storedAdmins ?? [])].some(isDefaultAdmin)) return true;
  return adminPrincipals && release && !isAtLeast(release, FIRST_STORED) ? false : undefined;
}

/**
 * The default admin account. With Entra its password counts no more, but whoever has an address that begins with
 * "admin@" is taken for it: OpenMetadata finds people by what stands before the @. Pure.
 */
export function defaultAdminFindings(facts: {
  exists: boolean;
  provider: string;
  listed: boolean | undefined;
}): Finding[] {
  const kind = "default-admin";
  const { listed } = facts;
  const unlist = 'Remove "admin" from AUTHORIZER_ADMIN_PRINCIPALS and restart the server';
  if (!facts.exists) {
    if (!listed) return [];
    const what = "The default admin does not exist, but the configuration lists it, so the next restart recreates it";
    return [{ kind, severity: "warning", what, do: unlist }];
  }
  const basic = facts.provider === "basic";
  const what = basic
    ? "The default admin still exists, and anybody can sign in with its published password"
    : 'The default admin still exists: anybody with an email address that begins with "admin@" signs in as it';
  return [{ kind, severity: basic ? "critical" : "warning", what, do: remedy(listed, unlist) }];
}

function remedy(listed: boolean | undefined, unlist: string): string {
  const remove = "POST /api/harden, which deletes it once the people in INITIAL_ADMINS are administrators";
  if (listed === false) return `Call ${remove}`;
  if (listed) return `${unlist}, then call ${remove}`;
  return `Check AUTHORIZER_ADMIN_PRINCIPALS in the server's environment (this release does not show it). If it lists "admin", as it does by default, remove that and restart the server. Then call ${remove}, with {"adminNotListed":true}`;
}
