import { DEFAULT_ADMIN } from "../deployment/openmetadata-defaults.ts";
import { isAtLeast } from "../deployment/release.ts";
import type { Configuration } from "./desired.ts";
import type { Setting, SettingNames } from "./setting.ts";

const NAMES = {
  className: {
    env: "AUTHORIZER_CLASS_NAME",
    yaml: "authorizerConfiguration.className",
    helm: "authorizer.className",
  },
  requestFilter: {
    env: "AUTHORIZER_REQUEST_FILTER",
    yaml: "authorizerConfiguration.containerRequestFilter",
    helm: "authorizer.containerRequestFilter",
  },
  adminEmails: { env: "AUTHORIZER_ADMIN_EMAILS", yaml: "authorizerConfiguration.adminEmails" },
  adminPrincipals: {
    env: "AUTHORIZER_ADMIN_PRINCIPALS",
    yaml: "authorizerConfiguration.adminPrincipals",
    helm: "authorizer.initialAdmins",
  },
  principalDomain: {
    env: "AUTHORIZER_PRINCIPAL_DOMAIN",
    yaml: "authorizerConfiguration.principalDomain",
    helm: "authorizer.principalDomain",
  },
  enforcePrincipalDomain: {
    env: "AUTHORIZER_ENFORCE_PRINCIPAL_DOMAIN",
    yaml: "authorizerConfiguration.enforcePrincipalDomain",
    helm: "authorizer.enforcePrincipalDomain",
  },
} as const satisfies Record<string, SettingNames>;

/** Who is let in, and who administers. Pure. */
export function authorizerSettings(configuration: Configuration): Setting[] {
  const { release, admins, adminEmails, principalDomain, enforcePrincipalDomain } = configuration;
  const emails: Setting = {
    ...NAMES.adminEmails,
    value: adminEmails,
    why: ["2.x lists administrators by email address; the list of names below is deprecated but still works."],
  };
  return [
    { ...NAMES.className, value: "org.openmetadata.service.security.DefaultAuthorizer" },
    { ...NAMES.requestFilter, value: "org.openmetadata.service.security.JwtFilter" },
    ...(isAtLeast(release, [2, 0, 0]) ? [emails] : []),
    { ...NAMES.adminPrincipals, value: admins, why: adminReasons(configuration) },
    { ...NAMES.principalDomain, value: principalDomain, why: domainReasons(configuration) },
    ...(enforcePrincipalDomain === undefined
      ? []
      : [{ ...NAMES.enforcePrincipalDomain, value: enforcePrincipalDomain, why: enforcementReasons(configuration) }]),
  ];
}

/** What is not known is left out: whoever applies the file keeps what is there. */
function domainReasons({ enforcePrincipalDomain }: Configuration): string[] {
  if (enforcePrincipalDomain !== undefined) return [];
  return [
    `${NAMES.enforcePrincipalDomain.env} is left out, because the server did not say whether it enforces this domain. Keep its current value; the default is false, which accepts email addresses of any domain.`,
  ];
}

function adminReasons({ admins, ownObjectId }: Configuration): string[] {
  const listed = admins.some((admin) => admin.toLowerCase() === DEFAULT_ADMIN);
  const reasons = [
    listed
      ? 'User names, not email addresses: the part before the @. "admin" is listed because INITIAL_ADMINS names it: every start recreates that account with its published password. Name somebody else there.'
      : 'User names, not email addresses: the part before the @. "admin" is left out on purpose: while it is listed, every start recreates that account with its published password. Once another administrator has signed in, POST /api/harden deletes it.',
  ];
  if (ownObjectId) {
    reasons.push(`${ownObjectId} is the managed identity that openmetadata-entra uses to push secrets.`);
  }
  if (admins.every((admin) => admin === ownObjectId)) {
    reasons.push("No person is listed: set INITIAL_ADMINS in the app settings of openmetadata-entra.");
  }
  return reasons;
}

function enforcementReasons({ enforcePrincipalDomain, ownObjectId, bot }: Configuration): string[] {
  if (!enforcePrincipalDomain) return [];
  const shutOut = ["Same value as on the server."];
  if (ownObjectId) {
    shutOut.push(
      "It rejects tokens without an email address, including those of openmetadata-entra: store the token of an administrator's bot in the vault and name that secret in OPENMETADATA_TOKEN_SECRET.",
    );
  }
  if (bot.holds === "client secret") shutOut.push(`It also locks out ${bot.name}, which signs in with Entra.`);
  return shutOut;
}
