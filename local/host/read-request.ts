import type { IncomingMessage } from "node:http";
import { buffer } from "node:stream/consumers";
import type { HostRequest } from "./exchange.ts";

/** What the host takes of a request; its body is read whole. */
export async function readRequest(incoming: IncomingMessage): Promise<HostRequest> {
  const target = incoming.url ?? "/";
  const queryAt = target.indexOf("?");
  return {
    method: incoming.method ?? "GET",
    path: queryAt === -1 ? target : target.slice(0, queryAt),
    url: `http://${incoming.headers.host}${target}`,
    query: new URLSearchParams(queryAt === -1 ? "" : target.slice(queryAt)),
    headers: incoming.headers,
    body: await buffer(incoming),
  };
}
