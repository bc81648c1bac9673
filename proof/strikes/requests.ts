import type { IncomingRequest, Service } from "../../local/cloud/exchange.ts";

/** Requests of a kind. */
export interface Where {
  service: Service;
  method?: string;
  /** Matched against the decoded path without its query. */
  path?: RegExp;
  body?: RegExp;
}

/** Those of the local cloud that send requests themselves say who they are. */
const OTHERS = ["openmetadata-ingestion", "openmetadata-server", "app-service"];

/** Did the app send it? A request to the vault without a token merely asks for the challenge. */
export function isOfApp({ service, headers }: IncomingRequest): boolean {
  if (OTHERS.includes(headers.get("user-agent") ?? "")) return false;
  if (service === "key-vault") return headers.has("authorization");
  return service !== "event-grid";
}

/** A request that changes something; what goes to the queue carries work from run to run, and is the host's too. */
export function isWrite({ service, method }: IncomingRequest): boolean {
  return method !== "GET" && !["entra", "event-grid", "storage-queue"].includes(service);
}

/** The path without its query, for people. */
export function pathOf({ path }: { path: string }): string {
  return decodeURIComponent(path.split("?")[0] ?? "");
}

/** Is it of that kind, and sent by the app, or (events) to it? */
export function fits(request: IncomingRequest, { service, method, path, body }: Where): boolean {
  if (request.service !== service || (method && request.method !== method)) return false;
  if (service !== "event-grid" && !isOfApp(request)) return false;
  return (!path || path.test(pathOf(request))) && (!body || body.test(request.body));
}
