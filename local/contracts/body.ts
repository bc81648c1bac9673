import type { Exchange } from "../cloud/exchange.ts";
import type { Fault, Finding } from "./finding.ts";
import { finding } from "./finding.ts";

/** One half of an exchange. */
export interface Half {
  side: Finding["side"];
  headers: Headers;
  text: string;
}

/** What a body has to be: its schema's name, and a judge of the parsed value. */
export interface Expected {
  schema: string;
  faults(value: unknown): Fault[];
}

/** The half that the client sent. */
export function requestOf(exchange: Exchange): Half {
  return { side: "request", headers: exchange.headers, text: exchange.body };
}

/** The half that came back. */
export function answerOf(exchange: Exchange): Half {
  return { side: "answer", headers: exchange.answerHeaders, text: exchange.answerBody };
}

/** Checks a JSON body: that it is JSON, that its content type says so, and that it fits. */
export function checkJson(half: Half, expected: Expected): Finding[] {
  const wrong = (text: string): Finding[] => [finding(half.side, expected.schema, text)];
  if (half.text === "") return wrong("has no body");
  const parsed = parse(half.text);
  if (!parsed) return wrong("is not JSON");
  const found = expected.faults(parsed.value).map((fault) => ({ side: half.side, schema: expected.schema, fault }));
  return isJsonType(half.headers) ? found : [...wrong("does not have a JSON content type"), ...found];
}

/** Checks that there is no body. An empty object passes in a request: clients send it with a bodyless POST. */
export function checkEmpty(half: Half, schema: string): Finding[] {
  if (half.text === "" || (half.side === "request" && half.text === "{}")) return [];
  return [finding(half.side, schema, "has a body where none is documented")];
}

/** The value, boxed; `undefined` for what is not JSON. The parser's own message would quote the text. */
export function parse(text: string): { value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}

/** Whether a parsed value is an object with properties, not an array. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isJsonType(headers: Headers): boolean {
  return /^application\/(?:[\w.-]+\+)?json\s*(?:;|$)/i.test(headers.get("content-type") ?? "");
}
