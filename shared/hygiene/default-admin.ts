import { isDefaultAdmin } from "../deployment/openmetadata-defaults.ts";
import type { Finding } from "./finding.ts";

/**
 * The default admin account. With Entra its password counts no more, but whoever has an address that begins with
 * "admin@" is taken for it: OpenMetadata finds people by what stands before the @. Pure.
 */
export function defaultAdminFindings(facts: {
  exists: boolean;
  provider: string;
  adminPrincipals: readonly string[] | undefined;
}): Finding[] {
  const kind = "default-admin";
  const listed = facts.adminPrincipals?.some(isDefaultAdmin) ?? false;
  const unlist = 'Take "admin" out of AUTHORIZER_ADMIN_PRINCIPALS and restart the server';
  if (!facts.exists) {
    if (!listed) return [];
    const what = "The default admin does not exist, but is listed, and is made anew when the server starts";
    return [{ kind, severity: "warning", what, do: unlist }];
  }
  const basic = facts.provider === "basic";
  const what = basic
    ? "The default admin still exists, and anybody may sign in with its published password"
    : 'The default admin still exists: whoever has an address that begins with "admin@" is taken for it';
  const remove = "call POST /api/harden, which deletes it once the administrators of INITIAL_ADMINS are there";
  const steps = listed ? `${unlist}, then ${remove}` : `${remove.charAt(0).toUpperCase()}${remove.slice(1)}`;
  return [{ kind, severity: basic ? "critical" : "warning", what, do: steps }];
}
