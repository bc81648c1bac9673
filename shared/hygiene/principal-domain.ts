import type { Finding } from "./finding.ts";

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
  const names = applications.join(" and ");
  const [their, need] = applications.length === 1 ? ["its", "needs"] : ["their", "need"];
  const instead = `To control who may sign in, call POST /api/consent, then set "Assignment required" on the enterprise application of the server registration in Entra and assign people to it${applications.length > 0 ? `; ${names} then ${need} its app role Ingestion.Run, which that call assigns` : ""}`;
  return [
    {
      kind: "principal-domain",
      severity: "notice",
      what: 'The server does not enforce its principal domain: somebody@another.example signs in as user "somebody"',
      do:
        applications.length > 0
          ? `Keep it this way: AUTHORIZER_ENFORCE_PRINCIPAL_DOMAIN would lock out ${names}, because ${their} Entra tokens have no email address. ${instead}`
          : `Set AUTHORIZER_ENFORCE_PRINCIPAL_DOMAIN to true if only people and OpenMetadata bots sign in: it locks out applications with Entra tokens. Or keep it this way. ${instead}`,
    },
  ];
}
