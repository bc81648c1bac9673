import { isAtLeast } from "../deployment/release.ts";
import type { Configuration } from "./desired.ts";
import { type KubernetesSecret, kubernetesSecrets } from "./kubernetes-secrets.ts";
import { KUBERNETES_SECRET } from "./oidc.ts";

const MOST_MINUTES = 60;
/** Readers get a quarter of the time that the app grants them: room for two failed looks and the restart. */
const MINUTES_PER_HOUR_GRANTED = 15;
const LEAST_MINUTES = 5;

/** How often a reader of the vault must look to keep within SECRET_READ_WITHIN_HOURS, as a Go duration. Pure. */
export function refreshInterval({ readWithinHours }: Pick<Configuration, "readWithinHours">): string {
  const minutes = Math.min(MOST_MINUTES, readWithinHours * MINUTES_PER_HOUR_GRANTED) || LEAST_MINUTES;
  return minutes === MOST_MINUTES ? "1h" : `${minutes}m`;
}

/** Why it looks so often. */
export function refreshReasons({ readWithinHours }: Configuration): string[] {
  if (readWithinHours === 0) {
    return [
      "SECRET_READ_WITHIN_HOURS is 0, so openmetadata-entra does not wait for readers of the vault: raise it to 1 or more, or an old secret may be taken away before a pod has the new one.",
    ];
  }
  return [
    `openmetadata-entra counts a new secret as read after SECRET_READ_WITHIN_HOURS (${readWithinHours}): a look every ${refreshInterval({ readWithinHours })} keeps within that. Do not look less often without raising the setting.`,
  ];
}

/** The narrowest right to read these secrets, for whichever identity reads them. */
export function rightsToRead(configuration: Configuration): string[] {
  const { vaultName } = vaultOf(configuration);
  return [
    "The identity that reads needs Key Vault Secrets User on these secrets and on nothing else:",
    ...kubernetesSecrets(configuration).map(
      ({ vaultSecret }) =>
        `  az role assignment create --role "Key Vault Secrets User" --assignee-object-id <principal id> --assignee-principal-type ServicePrincipal --scope "$(az keyvault show --name ${vaultName} --query id --output tsv)/secrets/${vaultSecret}"`,
    ),
  ];
}

/** How the server gets to start again with a new secret; https://docs.stakater.com/reloader/ has the annotation. */
export function restart({ flow, release }: Configuration): string[] {
  if (flow === "implicit") return [];
  const told = [
    "The server reads its secret when it starts. Stakater's Reloader restarts it after each change, by this annotation, which stays through helm upgrade:",
    `  kubectl annotate deployment openmetadata secret.reloader.stakater.com/reload=${KUBERNETES_SECRET.name}`,
  ];
  if (isAtLeast(release, [1, 10, 0])) {
    told.push(
      "From 1.10 on openmetadata-entra also hands the running server each new secret, so there the restart only keeps both alike.",
    );
  }
  return told;
}

/** Ingestion's pods come and go, so nothing has to be restarted. */
export function useInIngestion({ name, key }: KubernetesSecret): string[] {
  return [`Let the pods that run "metadata ingest" have ${key} from the Kubernetes secret "${name}" (envFrom).`];
}

/** What to call the vault, and the cloud that it is in where that is not the public one. */
export function vaultOf({ secrets }: Pick<Configuration, "secrets">): {
  vaultUrl: string;
  vaultName: string;
  cloud: "China" | "USGovernment" | undefined;
} {
  const { origin, hostname } = new URL(secrets.server.vaultUri);
  const [vaultName = ""] = hostname.split(".");
  const cloud = hostname.endsWith(".vault.azure.cn")
    ? "China"
    : hostname.endsWith(".vault.usgovcloudapi.net")
      ? "USGovernment"
      : undefined;
  return { vaultUrl: origin, vaultName, cloud };
}
