import { Ajv2020 } from "ajv/dist/2020.js";
import type { Exchange } from "../cloud/exchange.ts";
import { answerOf, checkJson, isRecord, parse, requestOf } from "./body.ts";
import type { Check, Fault, Finding } from "./finding.ts";
import { finding, unlisted } from "./finding.ts";
import { showPath } from "./routes.ts";
import type { SchemaDocument, Schemas } from "./schemas.ts";
import { schemaStore, VALIDATOR_OPTIONS } from "./schemas.ts";

const HANDSHAKE = "Microsoft.EventGrid.SubscriptionValidationEvent";

/** Checks what Event Grid delivers to a webhook, wherever it is, and the answers to its handshakes. */
export function eventGridCheck(document: SchemaDocument): Check {
  const schemas = schemaStore(new Ajv2020(VALIDATOR_OPTIONS), new Map([["events", document]]));
  return (exchange) => {
    const route = showPath(exchange.path);
    if (exchange.method === "OPTIONS") return { route, findings: checkOrigin(exchange) };
    if (exchange.method !== "POST") return unlisted(route, "Event Grid's delivery");
    const body = parse(exchange.body)?.value;
    const findings = isHandshake(body) ? checkHandshake(exchange, schemas) : checkDelivery(exchange, body, schemas);
    return { route, findings };
  };
}

function checkDelivery(exchange: Exchange, body: unknown, schemas: Schemas): Finding[] {
  const isCloudEvent = (value: unknown): boolean => isRecord(value) && "specversion" in value;
  const faultsOf =
    (name: string) =>
    (value: unknown): Fault[] =>
      schemas.faults(`events#/$defs/${name}`, value);
  const delivery = checkType(exchange, "Notification");
  if (Array.isArray(body) && body.some(isCloudEvent)) {
    const faults = (): Fault[] => body.flatMap(faultsOf("CloudEvent"));
    return [...delivery, ...checkJson(requestOf(exchange), { schema: "CloudEvent", faults })];
  }
  const schema = isCloudEvent(body) ? "CloudEvent" : "EventGridBatch";
  return [...delivery, ...checkJson(requestOf(exchange), { schema, faults: faultsOf(schema) })];
}

/** A refused handshake says nothing about its form; an accepted one has to give the code back. */
function checkHandshake(exchange: Exchange, schemas: Schemas): Finding[] {
  const shape = (name: string, schema: string) => ({
    schema,
    faults: (value: unknown): Fault[] => schemas.faults(`shapes#/$defs/${name}`, value),
  });
  const findings = checkType(exchange, "SubscriptionValidation");
  findings.push(...checkJson(requestOf(exchange), shape("handshake", HANDSHAKE)));
  if (exchange.status >= 400) return findings;
  // Azure Functions answers the handshake as text/plain, and Event Grid accepts that.
  const answered = { ...answerOf(exchange), headers: new Headers({ "content-type": "application/json" }) };
  findings.push(...checkJson(answered, shape("handshakeAnswer", "validationResponse")));
  const answer = parse(exchange.answerBody)?.value;
  if (isRecord(answer) && answer.validationResponse !== codeOf(parse(exchange.body)?.value)) {
    findings.push(finding("answer", "validationResponse", "does not give the validation code back"));
  }
  return findings;
}

/** CloudEvents, "HTTP 1.1 Web Hooks for Event Delivery": the sender names itself, the receiver allows it. */
function checkOrigin(exchange: Exchange): Finding[] {
  const findings: Finding[] = [];
  const wrong = (side: Finding["side"], text: string) => findings.push(finding(side, "abuse protection", text));
  if (!exchange.headers.has("webhook-request-origin")) wrong("request", "has no WebHook-Request-Origin");
  const allowed = exchange.status >= 400 || exchange.answerHeaders.has("webhook-allowed-origin");
  if (!allowed) wrong("answer", "has no WebHook-Allowed-Origin");
  return findings;
}

function checkType(exchange: Exchange, type: string): Finding[] {
  if (exchange.headers.get("aeg-event-type") === type) return [];
  return [finding("request", "aeg-event-type", `does not say that it is a ${type}`)];
}

function isHandshake(body: unknown): body is unknown[] {
  return Array.isArray(body) && body.some((event) => isRecord(event) && event.eventType === HANDSHAKE);
}

function codeOf(body: unknown): unknown {
  const [event] = isHandshake(body) ? body : [];
  return isRecord(event) && isRecord(event.data) ? event.data.validationCode : undefined;
}
