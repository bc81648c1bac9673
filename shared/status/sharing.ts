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
      what: `This app uses the same identity for the OpenMetadata servers of "${name}" and ${servers}. OpenMetadata does not check the audience or issuer of a token, so whoever runs one server can administer the others`,
      do: "Give each deployment its own user-assigned identity (identityClientId in DEPLOYMENTS, IDENTITY_CLIENT_ID), assign it to the function app, and make it an administrator of that server alone",
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
      what: `The registration of "${secret}" has client secrets that another installation of this app issued (another function app, deployment or vault): ${which}. This app leaves them alone`,
      do: "Give each installation its own registration. If nobody uses these secrets any more, remove them in Entra (Certificates & secrets)",
    },
  ];
}
