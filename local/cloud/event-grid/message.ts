import type { KeyVaultEvent } from "../key-vault/event.ts";
import type { Subscription } from "./subscription.ts";

/** A request to a webhook, before it is sent. */
export interface Message {
  method: "POST" | "OPTIONS";
  headers: Record<string, string>;
  body: string;
}

/** What a message is about. */
export interface Notice {
  event: KeyVaultEvent;
  /** Resource id of the vault. */
  topic: string;
  /** Attempts made before this one; real captures begin with 0. */
  deliveryCount: number;
}

/** One event in the subscription's schema. Microsoft Learn: "Azure Event Grid event schema", "Event delivery headers". */
export function notification(subscription: Subscription, notice: Notice): Message {
  const headers = {
    "aeg-event-type": "Notification",
    // Real ones are in upper case, whatever the subscription is called.
    "aeg-subscription-name": subscription.name.toUpperCase(),
    "aeg-delivery-count": String(notice.deliveryCount),
  };
  switch (subscription.schema) {
    case "EventGridSchema":
      return {
        method: "POST",
        headers: {
          ...headers,
          "aeg-data-version": "1",
          "aeg-metadata-version": "1",
          "content-type": "application/json; charset=utf-8",
        },
        body: JSON.stringify([eventGridEvent(notice)]),
      };
    case "CloudEventSchemaV1_0":
      return {
        method: "POST",
        headers: { ...headers, "content-type": "application/cloudevents+json; charset=utf-8" },
        body: JSON.stringify(cloudEvent(notice)),
      };
    default:
      return subscription.schema satisfies never;
  }
}

function eventGridEvent({ event, topic }: Notice): object {
  const { id, subject, eventType, eventTime, data } = event;
  return { id, topic, subject, eventType, eventTime, data, dataVersion: "1", metadataVersion: "1" };
}

/** No versions of data and metadata: CloudEvents 1.0 has none. */
function cloudEvent({ event, topic }: Notice): object {
  const { id, subject, eventType, eventTime, data } = event;
  return { id, source: topic, subject, type: eventType, time: eventTime, data, specversion: "1.0" };
}
