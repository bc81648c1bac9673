import type { Format } from "../deployment/receivers.ts";
import { adaptiveCard } from "./adaptive-card.ts";
import { cloudEvent } from "./cloud-event.ts";
import type { Notice } from "./notice.ts";
import { slackMessage } from "./slack-message.ts";

/** What is sent to a receiver of that format, and its media type. Pure. */
export function bodyOf(notice: Notice, format: Format): { contentType: string; body: string } {
  switch (format) {
    case "teams":
      return { contentType: "application/json", body: JSON.stringify(adaptiveCard(notice)) };
    case "slack":
      return { contentType: "application/json", body: JSON.stringify(slackMessage(notice)) };
    case "cloudevents":
      return { contentType: "application/cloudevents+json; charset=utf-8", body: JSON.stringify(cloudEvent(notice)) };
    default:
      return format satisfies never;
  }
}
