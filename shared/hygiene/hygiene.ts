import { FIRST_TOKEN_ONLY, isAtLeast, type Release } from "../deployment/release.ts";
import type { Finding } from "./finding.ts";

/** The account with which every OpenMetadata begins: `admin@open-metadata.org`, password `admin`. */
export const DEFAULT_ADMIN = "admin";

/** Whether a name or an address in a list of administrators means the default admin. Pure. */
export function isDefaultAdmin(principal: string): boolean {
  return principal.split("@")[0]?.trim().toLowerCase() === DEFAULT_ADMIN;
}

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

/**
 * Whether addresses of other domains are let in. Enforcing the domain is the only filter that the server has, and it
 * shuts out every application that comes with a token of Entra, because that holds no address. Pure.
 */
export function principalDomainFindings(facts: {
  enforced: boolean;
  /** Who would be shut out. */
  applications: readonly string[];
}): Finding[] {
  if (facts.enforced) return [];
  const { applications } = facts;
  const instead = `To choose who may come in, call POST /api/consent, then set "Assignment required" on the enterprise application of the server registration in Entra and assign people to it${applications.length > 0 ? `; ${applications.join(" and ")} must have its app role Ingestion.Run then` : ""}`;
  return [
    {
      kind: "principal-domain",
      severity: "notice",
      what: "The server does not insist on its principal domain: somebody@another.example is taken for the user somebody",
      do:
        applications.length > 0
          ? `Leave it so: AUTHORIZER_ENFORCE_PRINCIPAL_DOMAIN would shut out ${applications.join(" and ")}, whose tokens of Entra hold no address. ${instead}`
          : `Set AUTHORIZER_ENFORCE_PRINCIPAL_DOMAIN to true, if nothing but people and bots of OpenMetadata signs in: applications with tokens of Entra would be shut out. Or leave it so. ${instead}`,
    },
  ];
}

/** The settings name a bot that the server has not. Pure. */
export function noBotFindings(name: string): Finding[] {
  const what = `The server has no bot "${name}": nothing can be pushed`;
  return [{ kind: "no-bot", severity: "critical", what, do: "Set BOT_NAME to the name of an existing bot" }];
}

/** A bot that signs in with a client secret, on a server that no longer lets it (#14358). Pure. */
export function botFindings(bot: { name: string; authType: string }, release: Release | undefined): Finding[] {
  if (bot.authType !== "SSO" || !release || !isAtLeast(release, FIRST_TOKEN_ONLY)) return [];
  return [
    {
      kind: "sso-ignored",
      severity: "critical",
      what: `Bot "${bot.name}" holds an Azure client secret, which OpenMetadata ${release.join(".")} ignores: its pipelines cannot be deployed`,
      do: `Let OpenMetadata issue it a token: POST /api/rotate {"credential":"bot-token"}, or Settings > Bots > ${bot.name} > Generate new token; then deploy the pipelines`,
    },
  ];
}
