import type { Configuration, SecretReference } from "./desired.ts";
import { KUBERNETES_SECRET } from "./oidc.ts";

/** A Kubernetes secret that workloads of a deployment read, and where in the vault its value is. */
export interface KubernetesSecret {
  /** What it is for, which ends the names of the resources that fill it. */
  reader: "server" | "ingestion";
  name: string;
  key: string;
  /** The secret's name in the vault. */
  vaultSecret: string;
  /** What lies beside the secret without being one. */
  beside: Readonly<Record<string, string>>;
}

/** The secrets that workloads of this deployment read, and no other that the vault may hold. Pure. */
export function kubernetesSecrets({ name, flow, serverClientId, bot, secrets }: Configuration): KubernetesSecret[] {
  const { name: oidc, clientIdKey, clientSecretKey } = KUBERNETES_SECRET;
  const held = bot.holds === "token" ? secrets.botToken : secrets.ingestion;
  const server: KubernetesSecret = {
    reader: "server",
    name: oidc,
    key: clientSecretKey,
    vaultSecret: nameInVault(secrets.server),
    beside: { [clientIdKey]: serverClientId },
  };
  const ingestion: KubernetesSecret = {
    reader: "ingestion",
    name: `${name}-ingestion`,
    key: held.variable,
    vaultSecret: nameInVault(held),
    beside: {},
  };
  return flow === "auth-code" ? [server, ingestion] : [ingestion];
}

function nameInVault({ vaultUri }: SecretReference): string {
  return vaultUri.slice(vaultUri.lastIndexOf("/") + 1);
}
