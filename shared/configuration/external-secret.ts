import { comment } from "./comment.ts";
import type { Configuration } from "./desired.ts";
import { fileHeader } from "./file-header.ts";
import { type KubernetesSecret, kubernetesSecrets } from "./kubernetes-secrets.ts";
import { type Manifest, manifests } from "./manifest.ts";
import { refreshInterval, refreshReasons, restart, rightsToRead, useInIngestion, vaultOf } from "./vault-reading.ts";

const API = "external-secrets.io/v1";

/**
 * Resources of the External Secrets Operator, which keep the Kubernetes secrets of a deployment as they are in the vault.
 * Fields: https://external-secrets.io/latest/api/externalsecret/ and .../provider/azure-key-vault/. Pure.
 */
export function externalSecrets(configuration: Configuration): string {
  const introduction = comment([
    ...fileHeader(configuration),
    "Apply it in the namespace of this OpenMetadata, where there must be no other: kubectl apply --filename <this file>",
    ...rightsToRead(configuration),
    ...restart(configuration),
  ]);
  const resources = kubernetesSecrets(configuration).map((secret) => externalSecret(configuration, secret));
  return `${introduction.join("\n")}\n\n${manifests([store(configuration), ...resources])}`;
}

const storeName = ({ name }: Configuration): string => `${name}-vault`;

function store(configuration: Configuration): Manifest {
  const { name, tenantId } = configuration;
  const { vaultUrl, cloud } = vaultOf(configuration);
  const reader = `${name}-vault-reader`;
  return {
    why: [
      "If there is a store for this vault already, leave this one out and name that one below. This one reads by workload identity; make its service account once:",
      `  kubectl create serviceaccount ${reader}`,
      `  kubectl annotate serviceaccount ${reader} azure.workload.identity/client-id=<client id>`,
      "and let the identity of that client id trust it: az identity federated-credential create, with the cluster's issuer and this subject:",
      `  system:serviceaccount:<namespace>:${reader}`,
    ],
    resource: {
      apiVersion: API,
      kind: "SecretStore",
      metadata: { name: storeName(configuration) },
      spec: {
        provider: {
          azurekv: {
            authType: "WorkloadIdentity",
            vaultUrl,
            tenantId,
            ...(cloud ? { environmentType: `${cloud}Cloud` } : {}),
            serviceAccountRef: { name: reader },
          },
        },
      },
    },
  };
}

function externalSecret(configuration: Configuration, secret: KubernetesSecret): Manifest {
  const { reader, name, key, vaultSecret, beside } = secret;
  const literals = Object.keys(beside).length > 0;
  return {
    why: [...refreshReasons(configuration), ...(reader === "ingestion" ? useInIngestion(secret) : [])],
    resource: {
      apiVersion: API,
      kind: "ExternalSecret",
      metadata: { name: `${configuration.name}-${reader}` },
      spec: {
        refreshInterval: refreshInterval(configuration),
        secretStoreRef: { kind: "SecretStore", name: storeName(configuration) },
        target: {
          name,
          creationPolicy: "Owner",
          ...(literals ? { template: { engineVersion: "v2", mergePolicy: "Merge", data: beside } } : {}),
        },
        data: [{ secretKey: key, remoteRef: { key: vaultSecret } }],
      },
    },
  };
}
