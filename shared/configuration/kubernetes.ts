import { isAtLeast } from "../deployment/release.ts";
import { authenticationSettings } from "./authentication.ts";
import { authorizerSettings } from "./authorizer.ts";
import { comment } from "./comment.ts";
import type { Configuration } from "./desired.ts";
import { fileHeader } from "./file-header.ts";
import { KUBERNETES_SECRET, oidcSettings } from "./oidc.ts";
import { precedence } from "./precedence.ts";
import { isReference, type Setting } from "./setting.ts";
import { readFromVault } from "./vault-commands.ts";
import { type Entry, yamlText } from "./yaml-text.ts";

/** Values for the published Helm chart. Pure. */
export function helmValues(configuration: Configuration): string {
  const below = isAtLeast(configuration.release, [1, 1, 0]) ? "openmetadata.config" : "global";
  const settings = [
    ...authorizerSettings(configuration),
    ...authenticationSettings(configuration),
    ...oidcSettings(configuration),
  ];
  const entries = settings.flatMap((setting) => entry(setting, below));
  return `${comment(introduction(configuration)).join("\n")}\n\n${yamlText(entries)}`;
}

function introduction(configuration: Configuration): string[] {
  const { flow, release, serverClientId, secrets } = configuration;
  const { name, clientIdKey, clientSecretKey } = KUBERNETES_SECRET;
  const told = [
    ...fileHeader(configuration),
    "Apply: helm upgrade --install openmetadata open-metadata/openmetadata --values <this file>",
    ...precedence(configuration),
  ];
  if (isAtLeast(release, [2, 0, 0])) {
    told.push("These keys are from chart 1.13; compare them with: helm show values open-metadata/openmetadata");
  }
  if (flow === "implicit") return told;
  if (isAtLeast(release, [1, 10, 0])) {
    told.push(
      "The server rejects every change to its sign-in configuration until the provider has a name, which the chart cannot set: openmetadata-entra sets it with the first client secret that it pushes.",
    );
  }
  told.push(
    `The client secret stays in the vault and reaches the pods through the Kubernetes secret "${name}". Create it once:`,
    `  ${readFromVault(secrets.server)} | tr -d '\\n' | kubectl create secret generic ${name} --from-literal=${clientIdKey}=${serverClientId} --from-file=${clientSecretKey}=/dev/stdin`,
    "Better: sync it from the vault with the External Secrets Operator (format=external-secret) or the Secrets Store CSI driver (format=secret-provider-class). Pods read it when they start, so restart them after each renewal.",
  );
  return told;
}

function entry({ helm, value, kubernetesSecret, why }: Setting, below: string): Entry[] {
  if (helm === undefined) return [];
  const path = `${below}.${helm}`;
  if (kubernetesSecret) return [{ path, value: { ...kubernetesSecret }, why }];
  return isReference(value) ? [] : [{ path, value, why }];
}
