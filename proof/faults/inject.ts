import type { FaultEffect, IncomingRequest, Service, Wire } from "../../local/cloud/exchange.ts";

/** Requests that a fault is meant for. */
export interface Where {
  service: Service;
  method?: string;
  /** Matched against the decoded path without its query. */
  path?: RegExp;
  body?: RegExp;
}

/** A fault on the wire, until it is ended. */
export interface Injection {
  /** How many requests it has hit. */
  hits(): number;
  end(): void;
}

/** What befalls the hit of that number, counted from 1; `undefined` lets it pass, counted all the same. */
export type Course = (hit: number, request: IncomingRequest) => FaultEffect | undefined;

/** Lets a fault befall requests of a kind, of the app or (events) to it; ingestion and the stand-ins are spared. */
export function inject(wire: Wire, where: Where, course: FaultEffect | Course): Injection {
  let hits = 0;
  const fault = (request: IncomingRequest): FaultEffect | undefined => {
    const concerned = isOfApp(request) || request.service === "event-grid";
    if (!concerned || !fits(request, where)) return undefined;
    hits += 1;
    return typeof course === "function" ? course(hits, request) : course;
  };
  wire.faults.push(fault);
  return {
    hits: () => hits,
    end() {
      wire.faults = wire.faults.filter((other) => other !== fault);
    },
  };
}

/** The first so many hits; the others pass. */
export function first(times: number, effect: FaultEffect): Course {
  return (hit) => (hit <= times ? effect : undefined);
}

/** Those of the local cloud that send requests themselves say who they are. */
const OTHERS = ["openmetadata-ingestion", "openmetadata-server", "app-service"];

/** Did the app send it? OpenMetadata also fetches keys; a request to the vault without a token merely asks for the challenge. */
export function isOfApp({ service, path, headers }: IncomingRequest): boolean {
  if (OTHERS.includes(headers.get("user-agent") ?? "")) return false;
  if (service === "entra") return !path.includes("/discovery/");
  if (service === "key-vault") return headers.has("authorization");
  return service !== "event-grid";
}

/** A request that changes something. */
export function isWrite({ service, method }: IncomingRequest): boolean {
  return method !== "GET" && service !== "entra" && service !== "event-grid";
}

/** The path without its query, for people. */
export function pathOf({ path }: { path: string }): string {
  return decodeURIComponent(path.split("?")[0] ?? "");
}

function fits(request: IncomingRequest, { service, method, path, body }: Where): boolean {
  if (request.service !== service || (method && request.method !== method)) return false;
  return (!path || path.test(pathOf(request))) && (!body || body.test(request.body));
}
