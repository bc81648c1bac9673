import { createServer as createPlainServer } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { getRequestListener } from "@hono/node-server";
import type { Hono } from "hono";
import type { Certificate } from "./certificate.ts";
import type { Exchange, FaultEffect, IncomingRequest, Service, Wire } from "./exchange.ts";

export interface Served {
  /** Origin without a trailing slash, for example `https://graph.localhost:41234`. */
  url: string;
  /** Ends the connections on which nobody waits for an answer. */
  hangUp(): void;
  close(): Promise<void>;
}

export interface ServeOptions {
  service: Service;
  /** A name under `.localhost`; the certificate covers it. */
  host: string;
  /** 0, the default, picks a free one. */
  port?: number;
  /** Without one it is plain HTTP, as the managed identity endpoint of App Service is. */
  certificate?: Certificate;
  wire: Wire;
}

/** Milliseconds, about as long as the load balancers of real services. */
const KEEP_ALIVE = 60_000;

/** Serves a stand-in over TLS on loopback, with faults applied and every exchange reported. */
export async function serve(app: Pick<Hono, "fetch">, options: ServeOptions): Promise<Served> {
  const listener = getRequestListener(async (request, env) => {
    const body = await request.text();
    const url = new URL(request.url);
    const incoming: IncomingRequest = {
      service: options.service,
      method: request.method,
      path: ("incoming" in env && env.incoming.url) || url.pathname + url.search,
      headers: request.headers,
      body,
    };
    const cut = (): Response => {
      if ("incoming" in env) env.incoming.socket.destroy();
      // Nobody receives this; the mark tells whoever reads the recorded exchange that it is no answer of a service.
      return new Response(null, { status: 500, headers: { "x-injected-fault": "1" } });
    };
    const answer = async (): Promise<Response> => {
      const carriesBody = request.method !== "GET" && request.method !== "HEAD";
      return app.fetch(
        new Request(request.url, {
          method: request.method,
          headers: request.headers,
          // As bytes: a text would come with a content type that nobody sent.
          ...(carriesBody && body !== "" ? { body: Buffer.from(body) } : {}),
        }),
      );
    };
    const response = await withFault(firstFault(options.wire, incoming), answer, cut);
    const exchange: Exchange = {
      ...incoming,
      status: response.status,
      answerHeaders: response.headers,
      answerBody: await response.clone().text(),
    };
    for (const report of options.wire.onExchange) report(exchange);
    return response;
  });
  const { certificate } = options;
  const server = certificate
    ? createServer({ key: certificate.key, cert: certificate.cert }, listener)
    : createPlainServer(listener);
  // Node ends a quiet connection after 5 s: on a machine that stands still so long, just as its client uses it again.
  server.keepAliveTimeout = KEEP_ALIVE;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port ?? 0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `${certificate ? "https" : "http"}://${options.host}:${port}`,
    hangUp: () => server.closeIdleConnections(),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** What the first fault that objects to the request does to it. */
export function firstFault(wire: Wire, request: IncomingRequest): FaultEffect | undefined {
  for (const fault of wire.faults) {
    const effect = fault(request);
    if (effect) return effect;
  }
  return undefined;
}

/** Gets an answer under a fault; `cut` is what happens to the caller where there is none. */
export async function withFault(
  effect: FaultEffect | undefined,
  answer: () => Promise<Response>,
  cut: () => Response,
): Promise<Response> {
  switch (effect?.kind) {
    case undefined:
      return answer();
    case "answer":
      return effect.response();
    case "after":
      return effect.response(await answer());
    case "lose":
      await answer();
      return cut();
    case "refuse":
      return cut();
    case "repeat":
      await answer();
      return answer();
    default:
      return effect satisfies never;
  }
}
