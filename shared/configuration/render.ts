import { bareMetalFragment } from "./bare-metal.ts";
import { collateSheet } from "./collate.ts";
import type { Configuration } from "./desired.ts";
import { dockerEnvironment } from "./docker.ts";
import { externalSecrets } from "./external-secret.ts";
import { ingestionWorkflow } from "./ingestion.ts";
import { helmValues } from "./kubernetes.ts";
import { type LeftOut, leftOutComments } from "./left-out.ts";
import { secretProviderClasses } from "./secret-provider-class.ts";

/** What can be asked for. */
export const FORMATS = [
  "docker",
  "bare-metal",
  "kubernetes",
  "external-secret",
  "secret-provider-class",
  "ingestion",
  "collate",
] as const;
export type Format = (typeof FORMATS)[number];

/**
 * What is applied to a namespace as it comes. Those of several deployments would fill one Kubernetes secret, whose name is
 * the chart's: the server of one would read the secret of another.
 */
export const ONE_AT_A_TIME: readonly Format[] = ["external-secret", "secret-provider-class"];

const TEXT = "text/plain; charset=utf-8";
const YAML = "application/yaml; charset=utf-8";

const RENDERERS: Record<Format, { contentType: string; render(configuration: Configuration): string }> = {
  docker: { contentType: TEXT, render: dockerEnvironment },
  "bare-metal": { contentType: YAML, render: bareMetalFragment },
  kubernetes: { contentType: YAML, render: helmValues },
  "external-secret": { contentType: YAML, render: externalSecrets },
  "secret-provider-class": { contentType: YAML, render: secretProviderClasses },
  ingestion: { contentType: YAML, render: ingestionWorkflow },
  collate: { contentType: TEXT, render: collateSheet },
};

/** Renders one text for all: yaml as a stream of documents, the others below each other; first what is left out. Pure. */
export function render(
  format: Format,
  configurations: readonly Configuration[],
  leftOut: readonly LeftOut[] = [],
): { contentType: string; text: string } {
  const { contentType, render } = RENDERERS[format];
  const between = contentType === YAML ? "---\n" : "\n";
  return { contentType, text: leftOutComments(leftOut) + configurations.map(render).join(between) };
}
