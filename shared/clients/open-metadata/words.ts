import * as z from "zod";
import type { Answer } from "../http.ts";

/** So much of a text is quoted. */
const LONGEST = 300;

/** What a message may say in braces without harm: as whom the server saw the caller. */
const PRINCIPAL = /CatalogPrincipal\{name='([\w.@-]{1,64})'\}/g;
/** Whatever is told of something that is called a secret, a password or a token. */
const NAMED_SECRET = /(\w*(?:secret|password|token)\w*["']?\s*[:=]\s*)(?:"[^"]*"?|'[^']*'?|[^\s,;})\]]+)/gi;

const errorSchema = z.object({ message: z.string().optional(), responseMessage: z.string().optional() });

/** What the server says of an error, where it says something. Up to about 1.6 some is told as a `responseMessage`. */
export function messageIn(json: unknown): string | undefined {
  const { message, responseMessage } = errorSchema.safeParse(json).data ?? {};
  return message ?? responseMessage;
}

/** A path that the release does not have is 404, but up to about 1.6 a 500 that only says so. */
export function withPlainStatus(answer: Answer): Answer {
  const isUnknownPath = answer.status === 500 && messageIn(answer.json)?.includes("[HTTP 404 Not Found]");
  return isUnknownPath ? { ...answer, status: 404 } : answer;
}

/**
 * A text of the server as far as it may be repeated. Some of its errors hold the very object that did not fit, the
 * configuration with its client secret among them (seen in 1.12.6): nothing in braces is repeated, nothing that is
 * said of a secret, and not much of anything.
 */
export function harmless(said: string): string {
  const text = withoutObjects(said.replace(PRINCIPAL, "principal $1")).replace(NAMED_SECRET, "$1***");
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}

/** From the first brace to the last, or to the end where one is cut off: objects lie in each other. */
function withoutObjects(said: string): string {
  const first = said.search(/[{}]/);
  if (first === -1) return said;
  const last = said.lastIndexOf("}");
  return `${said.slice(0, first)}{…}${last > first ? said.slice(last + 1) : ""}`;
}
