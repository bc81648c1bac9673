import type { HttpData } from "./core-types.ts";
import type { Answer, HostRequest } from "./exchange.ts";
import { httpAnswer } from "./http-answer.ts";
import type { HostFunction } from "./index-functions.ts";
import type { Invoke } from "./invocation.ts";
import { callerOf, type Keys, mayRun } from "./keys.ts";
import type { Admit } from "./request-limit.ts";
import { matchRoute, splitPath } from "./routes.ts";

interface HttpFunctions {
  functions: HostFunction[];
  keys: Keys | undefined;
  invoke: Invoke;
  admit: Admit;
}

/** The reason of a run by HTTP, by a route as by the admin API. */
export const BY_HOST_API = "This function was programmatically called via the host APIs.";

/**
 * Answers with the first function, in the order given, whose route and methods fit; `undefined` when none does. A
 * wrong key is told only then, so an unknown route or method is never a 401 or a 405.
 */
export async function answerHttp(request: HostRequest, host: HttpFunctions): Promise<Answer | undefined> {
  const path = splitPath(request.path);
  for (const hostFunction of host.functions) {
    const { trigger } = hostFunction;
    if (trigger.kind !== "http" || !trigger.methods.includes(request.method)) continue;
    const params = matchRoute(trigger.route, path);
    if (!params) continue;
    if (!mayRun(callerOf(request, host.keys), trigger.authLevel)) return { status: 401 };
    return run(request, hostFunction, { host, params });
  }
  return undefined;
}

async function run(
  request: HostRequest,
  hostFunction: HostFunction,
  { host, params }: { host: HttpFunctions; params: Record<string, string> },
): Promise<Answer> {
  const leave = await host.admit();
  if (!leave) return { status: 429 };
  try {
    const input = { http: httpInput(request, params) };
    const outcome = await host.invoke(hostFunction, { reason: BY_HOST_API, input });
    return outcome.kind === "failed" ? { status: 500 } : httpAnswer(request.method, outcome.returnValue?.http);
  } finally {
    leave();
  }
}

/**
 * The host copies a body only when its length is announced: a chunked one arrives empty, `enableChunkedRequestBinding`
 * or not. Headers and values that come twice are joined by a comma. A key stays visible to the handler.
 */
function httpInput(request: HostRequest, params: Record<string, string>): HttpData {
  const query: Record<string, string> = {};
  for (const [name, value] of request.query) query[name] = name in query ? `${query[name]},${value}` : value;
  return {
    method: request.method,
    url: request.url,
    nullableHeaders: nullable(request.headers),
    nullableQuery: nullable(query),
    nullableParams: nullable(params),
    body: { bytes: request.headers["content-length"] === undefined ? Buffer.alloc(0) : request.body },
  };
}

function nullable(values: Record<string, string | string[] | undefined>): Record<string, { value: string }> {
  return Object.fromEntries(Object.entries(values).map(([name, value = ""]) => [name, { value: String(value) }]));
}
