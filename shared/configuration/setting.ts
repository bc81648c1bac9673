import type { SecretReference } from "./desired.ts";

export type Value = string | boolean | readonly string[] | SecretReference;

/** What each way of deploying calls a setting of the OpenMetadata server. */
export interface SettingNames {
  /** Environment variable of the compose files and of `conf/openmetadata.yaml`. */
  env?: string;
  /** Path in `conf/openmetadata.yaml`. */
  yaml?: string;
  /** Path in the chart's values, below its configuration. */
  helm?: string;
}

/** One setting of the server, and what it is to be. */
export interface Setting extends SettingNames {
  value: Value;
  /** Where the chart takes a key of a Kubernetes secret instead. */
  kubernetesSecret?: { secretRef: string; secretKey: string };
  /** What the reader must know: paragraphs of comment. */
  why?: readonly string[];
}

/** A value that is a reference to a secret. */
export function isReference(value: Value): value is SecretReference {
  return typeof value === "object" && "vaultUri" in value;
}
