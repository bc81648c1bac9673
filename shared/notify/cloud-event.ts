import type { Notice } from "./notice.ts";

/**
 * The notice as a CloudEvent 1.0 in the JSON format (github.com/cloudevents/spec, "JSON Event Format for CloudEvents").
 * A receiver that gets the same `source` and `id` twice has got the same event twice.
 */
export function cloudEvent({ id, kind, on, title, ...data }: Notice) {
  const { deployment, credential } = data;
  return {
    specversion: "1.0",
    id,
    source: deployment ? `urn:openmetadata-entra:deployment:${deployment}` : "urn:openmetadata-entra:app",
    type: `openmetadata-entra.${kind}`,
    ...(credential ? { subject: credential } : {}),
    time: on,
    datacontenttype: "application/json",
    data: { title, ...data },
  };
}
