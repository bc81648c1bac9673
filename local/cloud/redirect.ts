import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Served } from "./serve.ts";

/** The codes with which servers send their callers elsewhere. */
export type RedirectStatus = 301 | 302 | 307 | 308;

/**
 * Plain HTTP on loopback that sends everybody to the same path at another origin: what a reverse proxy, or App Service
 * with "HTTPS only" (301), does to somebody who writes `http://`. Nothing of a request is recorded or answered.
 */
export async function serveRedirect(to: string, status: RedirectStatus = 301): Promise<Served> {
  const server = createServer((request, response) => {
    request.resume();
    response.writeHead(status, { Location: new URL(request.url ?? "/", to).href, "Content-Length": 0 }).end();
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}`,
    hangUp: () => server.closeIdleConnections(),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
