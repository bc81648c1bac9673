import type { RegistrationName } from "../clients/graph/registrations.ts";
import type { CredentialKind } from "../rotation/rotation.ts";
import type { Deployment } from "./deployment.ts";

/** The credentials that a deployment may have, by its settings; which the bot uses, the server's release decides. */
export function credentialsOf({ signInFlow, botCredential }: Deployment): CredentialKind[] {
  return [
    "ingestion-client-secret",
    ...(signInFlow === "auth-code" ? (["server-client-secret"] as const) : []),
    ...(botCredential === "sso" ? [] : (["bot-token"] as const)),
  ];
}

/** The vault secret of a credential. */
export function secretName({ name }: Pick<Deployment, "name">, credential: CredentialKind): string {
  return `${name}-${credential}`;
}

/** Whose credential is stored under this name? Staged twins belong to none. Key Vault's names have no case. */
export function ownerAmong(
  deployments: readonly Deployment[],
  secret: string,
): { deployment: Deployment; credential: CredentialKind } | undefined {
  for (const deployment of deployments) {
    const credential = credentialsOf(deployment).find((one) => secretName(deployment, one) === secret.toLowerCase());
    if (credential) return { deployment, credential };
  }
  return undefined;
}

/** How the two registrations of a deployment are found: those made by hand by their client id. */
export function registrationNames({ name, serverClientId, ingestionClientId }: Deployment): {
  server: RegistrationName;
  ingestion: RegistrationName;
} {
  return {
    server: serverClientId ? { appId: serverClientId } : { uniqueName: `${name}-server` },
    ingestion: ingestionClientId ? { appId: ingestionClientId } : { uniqueName: `${name}-ingestion` },
  };
}
