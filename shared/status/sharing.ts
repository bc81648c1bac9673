import type { Finding } from "../hygiene/finding.ts";
import type { Signed } from "../rotation/client-secret/ports.ts";

/** Servers that are handed one another's keys. Pure. */
export function sharedIdentityFindings(name: string, others: readonly string[]): Finding[] {
  if (others.length === 0) return [];
  const servers = others.map((one) => `"${one}"`).join(", ");
  return [
    {
      kind: "shared-identity",
      severity: "warning",
      what: `This app signs in to the servers of "${name}" and ${servers} as one identity: OpenMetadata checks neither audience nor issuer of a token, so whoever runs one of them can administer the others`,
      do: "Give each deployment a user-assigned identity of its own (identityClientId in DEPLOYMENTS, IDENTITY_CLIENT_ID), assign it to the function app, and make it an administrator of that server alone",
    },
  ];
}

/** Credentials on our registration that another installation of this app looks after. Pure. */
export function otherInstallationFindings(secret: string, others: readonly Signed[]): Finding[] {
  if (others.length === 0) return [];
  const which = others.map(({ keyId, mark }) => `${keyId} (${mark ?? "by an earlier release"})`).join(", ");
  return [
    {
      kind: "other-installation",
      severity: "warning",
      what: `The registration of "${secret}" holds client secrets that another installation of this app has issued, or one whose vault this one does not know: ${which}. They are left alone`,
      do: "See whether another function app, deployment or vault uses the registration, and give it one of its own; what nobody uses any more is removed in Entra (Certificates & secrets)",
    },
  ];
}
