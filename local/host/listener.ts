import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { finished } from "node:stream/promises";
import type { Clock } from "../clock.ts";
import { drain } from "./drain.ts";
import type { Answer, HostRequest } from "./exchange.ts";
import { isHostHeader } from "./host-header.ts";
import { type Log, sayStartup } from "./log.ts";
import { readRequest } from "./read-request.ts";
import { sendAnswer } from "./send-answer.ts";

interface ListenerOptions {
  port: number;
  clock: Clock;
  customHeaders: Record<string, string>;
  answer: (request: HostRequest) => Promise<Answer>;
  log: Log;
}

export interface Listener {
  url: string;
  /** Refuses new connections at once and lets requests under way end, for at most 30 s by the clock. */
  close(): Promise<void>;
}

const LARGEST_BODY = 104_857_600;
/** The first line of a request, its end included. */
const LONGEST_LINE = 8192;
const DRAIN_MILLISECONDS = 30_000;
/** Headers of 32 KB; connections that stay open longer than any client's, so that none is cut while it is being used. */
const LIMITS = { maxHeaderSize: 32 * 1024, keepAliveTimeout: 130_000 };

/** Listens on 127.0.0.1, plain HTTP, with Kestrel's limits. */
export async function listen(options: ListenerOptions): Promise<Listener> {
  const busy = new Set<Promise<void>>();
  const state = { closing: false };
  const server = createServer(LIMITS, (incoming, response) => {
    const exchange = answerOne(incoming, response, { ...options, state });
    busy.add(exchange);
    void exchange.then(() => busy.delete(exchange));
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port, "127.0.0.1", resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      state.closing = true;
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      await drain(busy, options.clock, DRAIN_MILLISECONDS);
      server.closeAllConnections();
      await closed;
    },
  };
}

type Exchange = ListenerOptions & { state: { closing: boolean } };

async function answerOne(incoming: IncomingMessage, response: ServerResponse, exchange: Exchange): Promise<void> {
  const { answer, customHeaders, clock, log, state } = exchange;
  try {
    const given = refuse(incoming, log) ?? (await answer(await readRequest(incoming)));
    const close = given.close === true || state.closing;
    sendAnswer(response, { ...given, close }, { customHeaders, now: clock.now() });
    await finished(response);
  } catch (error) {
    // A client that has gone is no fault; anything else is one of the host itself.
    const fault = `Cannot answer ${incoming.method} ${incoming.url}: ${error}`;
    if (!incoming.socket.destroyed) sayStartup(log, "error", fault);
    response.destroy();
  }
}

/** What Kestrel refuses by itself. */
function refuse({ method = "", url = "", headers }: IncomingMessage, log: Log): Answer | undefined {
  if (`${method} ${url} HTTP/1.1\r\n`.length > LONGEST_LINE) return { status: 414, close: true };
  if (!isHostHeader(headers.host ?? "")) return { status: 400, close: true };
  return Number(headers["content-length"] ?? 0) > LARGEST_BODY ? refuseBody(log) : undefined;
}

/** A body that is too large is a 500, not a 413. */
function refuseBody(log: Log): Answer {
  const message = `Request body too large. The max request body size is ${LARGEST_BODY} bytes.`;
  log({ level: "error", category: "Host.Results", message });
  return { status: 500, close: true };
}
