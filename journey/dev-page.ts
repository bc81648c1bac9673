import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Clock } from "../local/clock.ts";
import type { Cloud } from "../local/cloud/cloud.ts";
import { callApp, converge } from "./call-app.ts";
import { type Action, actionsOn } from "./dev-actions.ts";
import { devPageView } from "./dev-page-view.ts";
import { KEYS } from "./setting.ts";

export interface DevPageOptions {
  /** Where it listens on loopback; 0 picks a free port. */
  port: number;
  /** Where the app listens at this moment. */
  appUrl(): string;
  cloud: Cloud;
  clock: Clock;
  /** Obeys a line like `+7d`. */
  move(line: string): Promise<void>;
}

/** A page beside the app's own, with buttons that move the clock and break things. */
export interface DevPage {
  url: string;
  close(): Promise<void>;
}

/**
 * Serves the development page. It stands where Easy Auth would: what somebody reads through it is passed on to the app
 * with the id token of a person who may read, and with the function key, in case keys guard.
 */
export async function openDevPage(options: DevPageOptions): Promise<DevPage> {
  const actions = actionsOn({ ...options, call: (path) => callUntilDone(options, path) });
  let trouble: string | undefined;
  const server = createServer(async (request, response) => {
    const path = request.url ?? "/";
    if (!isOurs(request)) return void response.writeHead(403).end("Only this page may do that\n");
    if (request.method === "POST") {
      trouble = await troubleOf(actions, decodeURIComponent(path.replace("/do/", "")));
      return void response.writeHead(303, { location: "/" }).end();
    }
    if (/^\/api\/(page|status|openapi\.json)\b/.test(path))
      return passOn(options, path, response).catch(() => void response.writeHead(502).end("The app does not answer\n"));
    if (path !== "/") return void response.writeHead(404).end("There is no such page\n");
    const view = devPageView(actions, { now: options.clock.now(), trouble });
    response.writeHead(200, { "content-type": "text/html; charset=utf-8", "cache-control": "no-store" }).end(view);
  });
  server.listen(options.port, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Other sites may neither press its buttons nor read it under a name of theirs. */
function isOurs({ headers, method }: IncomingMessage): boolean {
  const { host = "", origin } = headers;
  if (!/^(localhost|127\.0\.0\.1):\d+$/.test(host)) return false;
  return method === "GET" || (method === "POST" && origin === `http://${host}`);
}

async function troubleOf(actions: readonly Action[], name: string): Promise<string | undefined> {
  const action = actions.find((one) => one.name === name);
  if (!action) return "There is no such button";
  return action.run().then(
    () => undefined,
    (error: unknown) => `${action.label}: ${error instanceof Error ? error.message : String(error)}`,
  );
}

async function callUntilDone({ appUrl, cloud, clock }: DevPageOptions, path: string): Promise<void> {
  const token = await cloud.callerToken(["Automation.Run"]);
  const post = () => callApp(`${appUrl()}`, token, { method: "POST", path: `${path}?code=${KEYS.function}`, body: {} });
  const { status, body } = await converge(post, clock);
  if (status !== 200) throw new Error(`POST /api/${path} answers ${status}: ${String(body.detail ?? "")}`);
}

/** Only this page may frame the app's: the app itself lets nobody. */
async function passOn({ appUrl, cloud }: DevPageOptions, path: string, response: ServerResponse): Promise<void> {
  const token = await cloud.entra.issueToken({ aud: cloud.app.audience, roles: ["Automation.Read"], name: "Ada" });
  const headers = {
    accept: "text/html",
    // One that was kept from before an edit is closed, which a client may learn too late.
    connection: "close",
    "x-ms-token-aad-id-token": token,
    "x-functions-key": KEYS.function,
    // Status knows bearer tokens only.
    ...(path.startsWith("/api/page") ? {} : { authorization: `Bearer ${token}` }),
  };
  const answer = await fetch(`${appUrl()}${path}`, { headers });
  const policy = answer.headers
    .get("content-security-policy")
    ?.replace("frame-ancestors 'none'", "frame-ancestors 'self'");
  response.writeHead(answer.status, {
    "content-type": answer.headers.get("content-type") ?? "text/plain",
    "cache-control": "no-store",
    ...(policy === undefined ? {} : { "content-security-policy": policy }),
  });
  response.end(await answer.text());
}
