import type { Notice } from "./notice.ts";

/**
 * The notice as a CloudEvent 1.0 in the JSON format (github.com/cloudevents/spec, "JSON Event Format for CloudEvents").
 * A receiver that gets the same `source` and `id` twice has got the same event twice.
 */
export function cloudEvent({ id, kind, on, title, ...data }: Notice) {
  const { deployment, credential, page } = data;
  // Two apps may serve deployments of one name, and tell the same receiver; each has an address to itself.
  const app = ["urn:openmetadata-entra", ...(page ? [new URL(page).host] : [])].join(":");
  return {
    specversion: "1.0",
    id,
    source: deployment ? `${app}:deployment:${deployment}` : `${app}:app`,
    type: `openmetadata-entra.${kind}`,
    ...(credential ? { subject: credential } : {}),
    time: on,
    datacontenttype: "application/json",
    data: { title, ...data },
  };
}
