import { type Answer, type HostRequest, header } from "./exchange.ts";

/** The keys of a function app: master, the host key that opens every function, the system key of Event Grid. */
export interface Keys {
  master: string;
  function: string;
  eventGrid: string;
}

/** Whose key a request carries. Without keys to enforce, everybody is the master, as with `func start`. */
export type Caller = "nobody" | "function" | "eventGrid" | "master";

/**
 * A key in `x-functions-key` counts alone, even a wrong one beside a right `?code=`; the name of the query parameter
 * is case-insensitive; `Authorization: Bearer` is no way to bring a key.
 */
export function callerOf(request: HostRequest, keys: Keys | undefined): Caller {
  if (!keys) return "master";
  const key = header(request, "x-functions-key") ?? codeOf(request.query);
  if (key === keys.master) return "master";
  if (key === keys.function) return "function";
  return key === keys.eventGrid ? "eventGrid" : "nobody";
}

function codeOf(query: URLSearchParams): string | undefined {
  return [...query].find(([name]) => name.toLowerCase() === "code")?.[1];
}

/** Whether a caller may run an HTTP function of this level. A system key opens none. */
export function mayRun(caller: Caller, authLevel: string): boolean {
  if (authLevel === "anonymous") return true;
  return caller === "master" || (caller === "function" && authLevel === "function");
}

/** The refusal of an endpoint of the host, or `undefined` when one of the allowed callers asks. */
export function refusal(caller: Caller, allowed: Caller[]): Answer | undefined {
  if (allowed.includes(caller)) return undefined;
  return caller === "nobody" ? { status: 401, headers: [["WWW-Authenticate", "Bearer"]] } : { status: 403 };
}
