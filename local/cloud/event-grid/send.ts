import type { Exchange, IncomingRequest, Wire } from "../exchange.ts";
import { firstFault, withFault } from "../serve.ts";
import type { Message } from "./message.ts";

/** What came back; `failed` when nothing did. */
export type Answer =
  | { kind: "answered"; status: number; headers: Headers; body: string }
  | { kind: "failed"; outcome: "TimedOut" | "SocketError" };

/** The time within which an endpoint has to answer. Microsoft Learn: "Event Grid message delivery and retry". */
export const ANSWER_WITHIN = 30_000;

/**
 * Sends a message, with the faults of the wire applied as if the endpoint were a stand-in, and reports the exchange.
 * Never rejects because of the endpoint: no connection, a broken one and no answer in 30 seconds are answers of their
 * own. These 30 seconds are real ones, because a clock that stands still would never cut off an endpoint that hangs;
 * whoever sends watches the time of the cloud. An attempt without an answer is reported with status 500 and the mark
 * of an answer that no service gave.
 */
export async function send(endpoint: string, message: Message, wire: Wire): Promise<Answer> {
  const { pathname, search } = new URL(endpoint);
  const { method, body } = message;
  const headers = new Headers(message.headers);
  const request: IncomingRequest = { service: "event-grid", method, path: pathname + search, headers, body };
  const post = (): Promise<Response> =>
    fetch(endpoint, {
      method,
      headers,
      redirect: "manual",
      signal: AbortSignal.timeout(ANSWER_WITHIN),
      ...(method === "POST" ? { body } : {}),
    });
  const answer = await receive(() => withFault(firstFault(wire, request), post, cut));
  const exchange: Exchange = {
    ...request,
    status: answer.kind === "answered" ? answer.status : 500,
    answerHeaders: answer.kind === "answered" ? answer.headers : new Headers({ "x-injected-fault": "1" }),
    answerBody: answer.kind === "answered" ? answer.body : "",
  };
  for (const report of wire.onExchange) report(exchange);
  return answer;
}

async function receive(exchange: () => Promise<Response>): Promise<Answer> {
  try {
    const response = await exchange();
    return { kind: "answered", status: response.status, headers: response.headers, body: await response.text() };
  } catch (error) {
    const timedOut = error instanceof Error && error.name === "TimeoutError";
    return { kind: "failed", outcome: timedOut ? "TimedOut" : "SocketError" };
  }
}

function cut(): never {
  throw new Error("The connection was cut by a fault on the wire");
}
