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
  const instead = `To choose who may come in, call POST /api/consent, then set "Assignment required" on the enterprise application of the server registration in Entra and assign people to it${applications.length > 0 ? `; ${applications.join(" and ")} must have its app role Ingestion.Run then, which that call assigns` : ""}`;
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
