import type { Deployment } from "./deployment.ts";

/** What expires and is rotated, by the end of the name of its vault secret. */
export const CREDENTIALS = ["ingestion-client-secret", "server-client-secret", "bot-token"] as const;
export type CredentialKind = (typeof CREDENTIALS)[number];

const STAGED = "-next";

/** The credentials that a deployment may have, by its settings; which the bot uses, the server's release decides. */
export function credentialsOf({
  signInFlow,
  botCredential,
}: Pick<Deployment, "signInFlow" | "botCredential">): CredentialKind[] {
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

/** The twin of a vault secret that holds what is not handed to anyone yet. */
export function stagedName(secret: string): string {
  return `${secret}${STAGED}`;
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

/** Does this app write the secret, or would it under other settings, for any of the deployments of these names? */
export function isWrittenByApp(deployments: ReadonlySet<string>, secret: string): boolean {
  const name = secret.toLowerCase();
  const current = name.endsWith(STAGED) ? name.slice(0, -STAGED.length) : name;
  return CREDENTIALS.some((one) => {
    const ending = secretName({ name: "" }, one);
    return current.endsWith(ending) && deployments.has(current.slice(0, -ending.length));
  });
}
