import type { App } from "./app.ts";
import { holdAnswer } from "./described.ts";

/** Whatever somebody may send, right or wrong. */
export interface RawCall {
  method?: string;
  /** Below `/api/`. */
  path: string;
  headers?: Record<string, string>;
  body?: string;
  /** A body that is sent without its length. */
  chunked?: string;
}

export interface RawAnswer {
  status: number;
  headers: Headers;
  text: string;
  /** The body where it is JSON. */
  json: Record<string, unknown> | undefined;
}

/** Calls the app without a token of its own accord. */
export async function rawCall(
  { host }: App,
  { method = "POST", path, headers = {}, body, chunked }: RawCall,
): Promise<RawAnswer> {
  const sent =
    chunked === undefined ? { body: body ?? null } : { body: new Blob([chunked]).stream(), duplex: "half" as const };
  const response = await fetch(`${host.url}/api/${path}`, { method, headers, ...sent });
  const text = await response.text();
  const isJson = /json/.test(response.headers.get("content-type") ?? "");
  const json = isJson ? JSON.parse(text) : undefined;
  holdAnswer(path, response.status, json);
  return { status: response.status, headers: response.headers, text, json };
}

/** Every HTTP function of the app, as "METHOD path": a new one is held to the same rules. */
export function endpoints({ host }: App): string[] {
  return host.functions.flatMap(({ route, methods = [] }) =>
    route === undefined ? [] : methods.map((method) => `${method} ${route.replace("api/", "")}`),
  );
}

/** Calls one of them, a POST with the least body. */
export function callEndpoint(app: App, endpoint: string, headers: Record<string, string>): Promise<RawAnswer> {
  const [method = "", path = ""] = endpoint.split(" ");
  return rawCall(app, { method, path, headers, ...(method === "POST" ? { body: "{}" } : {}) });
}

/** Everything that the app could change, as one text. */
export function everything({ cloud: { directory, vault, openMetadata } }: App): string {
  return JSON.stringify([
    directory.applications(),
    directory.servicePrincipals(),
    directory.grants(),
    directory.assignments(),
    vault.secrets(),
    openMetadata.users(),
    openMetadata.bots(),
    openMetadata.pipelines(),
  ]);
}
