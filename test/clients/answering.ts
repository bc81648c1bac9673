import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach } from "vitest";

export interface GivenAnswer {
  status?: number;
  headers?: Record<string, string>;
  json?: unknown;
  /** Never answers, until the test is over. */
  silent?: boolean;
}

const open = new Set<() => Promise<void>>();
afterEach(async () => {
  for (const close of open) await close();
  open.clear();
});

/** A server on loopback that answers as told, until the test is over; `asked` are the requests, oldest first. */
export async function answering(answer: (request: IncomingMessage, count: number) => GivenAnswer) {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    request.resume();
    const { status = 200, headers = {}, json, silent } = answer(request, asked.length);
    if (silent) return;
    response.writeHead(status, { "content-type": "application/json", ...headers });
    response.end(json === undefined ? "" : JSON.stringify(json));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  open.add(
    () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  );
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}
