import { randomUUID } from "node:crypto";
import type { Clock } from "../../clock.ts";
import type { Wire } from "../exchange.ts";
import type { Message } from "./message.ts";
import { type Answer, send } from "./send.ts";
import type { Subscription } from "./subscription.ts";

const ORIGIN = "eventgrid.azure.net";

export interface HandshakeOptions {
  clock: Clock;
  wire: Wire;
  vaultTopic: string;
}

/**
 * Asks the endpoint whether it wants events, in the manner of the subscription's schema; rejects when it does not.
 * Microsoft Learn: "Endpoint validation with Event Grid event schema" and "… with CloudEvents schema". One attempt,
 * and no `validationUrl` by which a person could agree by hand.
 */
export async function shakeHands(subscription: Subscription, options: HandshakeOptions): Promise<void> {
  const { endpoint: address } = subscription;
  if (typeof address !== "string") return;
  const code = randomUUID();
  const message = subscription.schema === "EventGridSchema" ? validation(subscription, code, options) : preflight();
  const answer = await send(address, message, options.wire);
  const agreed = subscription.schema === "EventGridSchema" ? repeats(answer, code) : allows(answer);
  if (agreed) return;
  const said = answer.kind === "answered" ? `it answered ${answer.status}` : `no answer (${answer.outcome})`;
  const endpoint = new URL(address); // without its query, which holds the key
  throw new Error(
    `Cannot create event subscription "${subscription.name}": the handshake with ${endpoint.origin}${endpoint.pathname} failed: ${said}`,
  );
}

function validation(subscription: Subscription, code: string, { clock, vaultTopic }: HandshakeOptions): Message {
  const event = {
    id: randomUUID(),
    topic: vaultTopic,
    subject: "",
    data: { validationCode: code },
    eventType: "Microsoft.EventGrid.SubscriptionValidationEvent",
    eventTime: clock.now().toISOString().replace("Z", "0000Z"),
    metadataVersion: "1",
    dataVersion: "1",
  };
  return {
    method: "POST",
    headers: {
      "aeg-event-type": "SubscriptionValidation",
      "aeg-subscription-name": subscription.name.toUpperCase(),
      "aeg-delivery-count": "0",
      "aeg-data-version": "1",
      "aeg-metadata-version": "1",
      "content-type": "application/json; charset=utf-8",
    },
    body: JSON.stringify([event]),
  };
}

/** CloudEvents, "HTTP 1.1 Web Hooks for Event Delivery", section 4. */
function preflight(): Message {
  return { method: "OPTIONS", headers: { "webhook-request-origin": ORIGIN }, body: "" };
}

/** Only 200 counts, and not the 202 that is good enough for events; the content type does not matter. */
function repeats(answer: Answer, code: string): boolean {
  if (answer.kind === "failed" || answer.status !== 200) return false;
  try {
    return (JSON.parse(answer.body) as { validationResponse?: unknown } | null)?.validationResponse === code;
  } catch {
    return false;
  }
}

/** The rate that an endpoint should name beside the origin is not insisted on: the Functions host names none. */
function allows(answer: Answer): boolean {
  if (answer.kind === "failed" || answer.status !== 200) return false;
  const allowed = answer.headers.get("webhook-allowed-origin")?.trim().toLowerCase();
  return allowed === "*" || allowed === ORIGIN;
}
