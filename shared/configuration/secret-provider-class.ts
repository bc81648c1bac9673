import { comment } from "./comment.ts";
import type { Configuration } from "./desired.ts";
import { fileHeader } from "./file-header.ts";
import { type KubernetesSecret, kubernetesSecrets } from "./kubernetes-secrets.ts";
import { type Manifest, manifests } from "./manifest.ts";
import { refreshInterval, refreshReasons, restart, rightsToRead, useInIngestion, vaultOf } from "./vault-reading.ts";

/**
 * Resources of the Secrets Store CSI driver with Azure's provider, by which pods mount what the vault holds and the
 * driver copies it into Kubernetes secrets. Fields: https://secrets-store-csi-driver.sigs.k8s.io/ and
 * https://azure.github.io/secrets-store-csi-driver-provider-azure/docs/. Pure.
 */
export function secretProviderClasses(configuration: Configuration): string {
  const introduction = comment([
    ...fileHeader(configuration),
    "Apply it in the namespace of this OpenMetadata, where there must be no other: kubectl apply --filename <this file>",
    ...rightsToRead(configuration),
    ...rotation(configuration),
    ...restart(configuration),
  ]);
  const resources = kubernetesSecrets(configuration).flatMap((secret) => [
    providerClass(configuration, secret),
    ...besides(configuration, secret),
  ]);
  return `${introduction.join("\n")}\n\n${manifests(resources)}`;
}

/** How often it looks is a setting of the driver, not of a class. */
function rotation(configuration: Configuration): string[] {
  const interval = refreshInterval(configuration);
  return [
    ...refreshReasons(configuration),
    "That is the driver's own setting (enableSecretRotation, rotationPollInterval and syncSecret.enabled of its chart), which looks for nothing new unless told to; a shorter interval does as well. On AKS:",
    `  az aks addon update --resource-group <group> --name <cluster> --addon azure-keyvault-secrets-provider --enable-secret-rotation --rotation-poll-interval ${interval}`,
  ];
}

function providerClass(configuration: Configuration, secret: KubernetesSecret): Manifest {
  const { tenantId } = configuration;
  const { vaultName, cloud } = vaultOf(configuration);
  const { name, key, vaultSecret } = secret;
  return {
    why: [
      "Put the client id of the identity that reads the vault into clientID. It has to trust the service account of the pods that mount this: az identity federated-credential create.",
      ...mount(configuration, secret),
    ],
    resource: {
      apiVersion: "secrets-store.csi.x-k8s.io/v1",
      kind: "SecretProviderClass",
      metadata: { name: className(configuration, secret) },
      spec: {
        provider: "azure",
        parameters: {
          clientID: "<client id>",
          keyvaultName: vaultName,
          tenantId,
          ...(cloud ? { cloudName: `Azure${cloud}Cloud` } : {}),
          objects: `array:\n  - |\n    objectName: ${vaultSecret}\n    objectType: secret\n`,
        },
        secretObjects: [{ secretName: name, type: "Opaque", data: [{ key, objectName: vaultSecret }] }],
      },
    },
  };
}

const className = ({ name }: Configuration, { reader }: KubernetesSecret): string => `${name}-${reader}`;

/** The driver copies nothing before a pod mounts the class. */
function mount(configuration: Configuration, secret: KubernetesSecret): string[] {
  const unmounted = "The driver makes the Kubernetes secret when the first pod mounts this class";
  const class_ = className(configuration, secret);
  if (secret.reader === "ingestion") {
    return [`${unmounted}: mount "${class_}" in ingestion's pods.`, ...useInIngestion(secret)];
  }
  const [volumes, mounts] = [
    [
      {
        name: "vault",
        csi: {
          driver: "secrets-store.csi.k8s.io",
          readOnly: true,
          volumeAttributes: { secretProviderClass: class_ },
        },
      },
    ],
    [{ name: "vault", mountPath: "/mnt/vault", readOnly: true }],
  ];
  return [
    `${unmounted}. Delete a secret "${secret.name}" that was made by hand, then mount it and take the client id from beside it:`,
    `  helm upgrade openmetadata open-metadata/openmetadata --reuse-values --set-json 'extraVolumes=${JSON.stringify(volumes)}' --set-json 'extraVolumeMounts=${JSON.stringify(mounts)}' --set openmetadata.config.authentication.oidcConfiguration.clientId.secretRef=${besideName(configuration)}`,
  ];
}

const besideName = ({ name }: Configuration): string => `${name}-client-id`;

/** The driver copies what the vault holds and nothing else, so what is no secret lies in one of its own. */
function besides(configuration: Configuration, { beside }: KubernetesSecret): Manifest[] {
  if (Object.keys(beside).length === 0) return [];
  const resource = {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: besideName(configuration) },
    type: "Opaque",
    stringData: beside,
  };
  return [
    { why: ["No secret, but the chart takes the client id from one; the driver cannot put it there."], resource },
  ];
}
