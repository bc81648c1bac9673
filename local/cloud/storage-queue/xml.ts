import type { Message } from "./queues.ts";
import { refusal } from "./refusal.ts";

const ENTITIES: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

/** The text of `<QueueMessage><MessageText>…</MessageText></QueueMessage>`; undefined for an empty body. */
export function readMessageText(body: string): string | undefined {
  if (body.trim() === "") return undefined;
  const found = /<QueueMessage>\s*<MessageText>([^<]*)<\/MessageText>\s*<\/QueueMessage>\s*$/.exec(body);
  if (!found) throw refusal("InvalidXmlDocument");
  return (found[1] ?? "").replace(/&(?:#(\d+)|#x([\da-f]+)|(\w+));/gi, (all, decimal, hex, name) => {
    if (decimal) return String.fromCodePoint(Number(decimal));
    if (hex) return String.fromCodePoint(Number.parseInt(hex, 16));
    return ENTITIES[name] ?? all;
  });
}

/** `QueueMessagesList` with as much of each message as the operation shows. */
export function messageList(messages: readonly Message[], shows: "put" | "received" | "peeked"): string {
  const items = messages.map((message) => {
    const { id, insertedOn, expiresOn, popReceipt, visibleOn, dequeueCount, text } = message;
    const times = `${tag("InsertionTime", date(insertedOn))}${tag("ExpirationTime", date(expiresOn))}`;
    const handle =
      shows === "peeked" ? "" : `${tag("PopReceipt", popReceipt)}${tag("TimeNextVisible", date(visibleOn))}`;
    const content = shows === "put" ? "" : `${tag("DequeueCount", String(dequeueCount))}${tag("MessageText", text)}`;
    return `<QueueMessage>${tag("MessageId", id)}${times}${handle}${content}</QueueMessage>`;
  });
  return document(`<QueueMessagesList>${items.join("")}</QueueMessagesList>`);
}

/** The list of queues, `EnumerationResults`. */
export function queueList(endpoint: string, names: readonly string[]): string {
  const queues = names.map((name) => `<Queue>${tag("Name", name)}</Queue>`).join("");
  return document(
    `<EnumerationResults ServiceEndpoint="${escaped(endpoint)}/"><Queues>${queues}</Queues><NextMarker /></EnumerationResults>`,
  );
}

/** As the service writes dates in XML: RFC 1123. */
export function date(milliseconds: number): string {
  return new Date(milliseconds).toUTCString();
}

function document(content: string): string {
  return `<?xml version="1.0" encoding="utf-8"?>${content}`;
}

function tag(name: string, text: string): string {
  return `<${name}>${escaped(text)}</${name}>`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (sign) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[sign] ?? sign);
}
