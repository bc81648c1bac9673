import type { ServerResponse } from "node:http";
import type { Answer } from "./exchange.ts";

interface Manner {
  /** From host.json; on every answer. */
  customHeaders: Record<string, string>;
  now: Date;
}

const WITHOUT_LENGTH = [204, 304];

/** Puts an answer on the wire as Kestrel would. */
export function sendAnswer(response: ServerResponse, answer: Answer, { customHeaders, now }: Manner): void {
  response.statusCode = answer.status;
  response.setHeader("Date", now.toUTCString());
  response.setHeader("Server", "Kestrel");
  for (const [name, value] of Object.entries(customHeaders)) response.setHeader(name, value);
  for (const [name, value] of answer.headers ?? []) {
    if (name.toLowerCase() === "set-cookie") response.appendHeader(name, value);
    else response.setHeader(name, value);
  }
  if (answer.close) response.setHeader("Connection", "close");
  const hasLength = response.hasHeader("Content-Length") || WITHOUT_LENGTH.includes(answer.status);
  if (answer.body !== undefined) response.write(answer.body);
  else if (!hasLength) response.setHeader("Content-Length", 0);
  response.end();
}
