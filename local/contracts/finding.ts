import type { Exchange } from "../cloud/exchange.ts";

/** What is wrong at one place of a body: a JSON pointer ("" is the whole) and the kind of violation. Holds no values. */
export interface Fault {
  at: string;
  text: string;
}

/** What is wrong with one half of an exchange, and which schema or rule says so. Holds no value of the exchange. */
export interface Finding {
  side: "request" | "answer";
  schema: string;
  fault: Fault;
}

/** The documented path under which an exchange falls, and what is wrong with it. */
export interface Verdict {
  route: string;
  findings: Finding[];
}

/** Judges one exchange of one service. `release` matters to OpenMetadata only. */
export type Check = (exchange: Exchange, release?: string) => Verdict;

/** A finding about the whole of a request or an answer. */
export function finding(side: Finding["side"], schema: string, text: string): Finding {
  return { side, schema, fault: { at: "", text } };
}

/** The verdict on an exchange whose method and path no document lists. */
export function unlisted(route: string, document: string): Verdict {
  return { route, findings: [finding("request", document, "uses a method or path that is not documented")] };
}

/** The finding as one sentence. */
export function sentence(exchange: Exchange, route: string, { side, schema, fault }: Finding): string {
  const where = fault.at === "" ? `the ${side}` : `the ${side} at ${fault.at}`;
  return `${exchange.service} ${exchange.method} ${route}: ${where} ${fault.text} (${schema})`;
}
