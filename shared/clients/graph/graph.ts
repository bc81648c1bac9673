import {
  Client,
  type GraphRequest as ClientRequest,
  type Context,
  MiddlewareFactory,
  RedirectHandlerOptions,
  RetryHandlerOptions,
} from "@microsoft/microsoft-graph-client";
import { NotYetError, UpstreamError } from "../../errors.ts";
import { LONGEST_PAUSE, SECOND, SLOW_REQUEST_TIME_OUT } from "../../limits.ts";
import { type Clock, retry } from "../../retry.ts";
import { boundedFetch, secondsToWait } from "../http.ts";
import { ownObjectId } from "../identity.ts";
import { awaitsReplication, graphError, inGraphsForm, notJson } from "./refusals.ts";
import { type GraphToken, renewal } from "./renewal.ts";

/** One request to Microsoft Graph v1.0. */
export interface GraphRequest {
  /** What is attempted, in the words of an error message. */
  action: string;
  /** From the version on, for example "/applications(uniqueName='openmetadata-server')". Values in it are quoted by `odata`. */
  path: string;
  query?: Record<string, string>;
  headers?: Record<string, string>;
  body?: unknown;
  /** Never repeated by the client: the request makes something anew each time. */
  once?: boolean;
  /** Ends the request too: one time limit for several. */
  signal?: AbortSignal;
}

/** Graph's answer as it came; undefined for 204. */
export interface Graph {
  /** Its address in this cloud, without the version. */
  readonly url: string;
  /** Of the identity that asks; for commands that give it a right. */
  objectId(): Promise<string>;
  get(request: GraphRequest): Promise<unknown>;
  /** Like `get`, with undefined for Graph's 404. */
  find(request: GraphRequest): Promise<unknown>;
  post(request: GraphRequest): Promise<unknown>;
  patch(request: GraphRequest): Promise<unknown>;
  /**
   * Repeats a request that fails only because not all of Graph's replicas know a new object yet.
   * @throws {NotYetError} when they still do not after a minute.
   */
  onceReplicated<T>(request: () => Promise<T>): Promise<T>;
}

/** A new object is known everywhere after seconds, rarely after minutes. A minute in all. */
const PAUSES = [1, 2, 4, 8, 15, 15, 15].map((seconds) => seconds * SECOND);
/** What is asked for, and the token, are meant for this address alone. */
const UNLED = new RedirectHandlerOptions(0);
const UNREPEATED = new RetryHandlerOptions(3, 0);
/** Two more attempts, all within the time-out, so that the error is Graph's own and not our time-out's. */
const WITHIN_TIMEOUT = new RetryHandlerOptions(1, 2, (_delay, _attempt, _request, _options, { headers }) => {
  // The client waits by its own reading of it, for minutes, and nothing ends that.
  const waits = Math.max(secondsToWait(headers), Number(headers.get("retry-after") ?? 0));
  return waits * SECOND <= LONGEST_PAUSE;
});

/**
 * Microsoft Graph through Microsoft's client, which repeats 429, 503 and 504 itself, POST included; a request marked
 * `once` is spared that. A token that is refused is asked for anew, once.
 */
export function graph(url: string, token: GraphToken, clock: Clock): Graph {
  const prepare = requests(url, token);
  const mayBeTakenNow = renewal(token, clock);
  const attempt = async ({ action }: GraphRequest, call: () => Promise<unknown>): Promise<unknown> => {
    // Inside the client a token that cannot be had would look like a fault of Graph.
    const used = await token();
    try {
      return await once(action, call);
    } catch (error) {
      if (await mayBeTakenNow(error, used)) return once(action, call);
      throw error;
    }
  };
  return {
    url,
    objectId: () => ownObjectId(token),
    get: (request) => attempt(request, () => prepare(request).get()),
    async find(request) {
      try {
        return await attempt(request, () => prepare(request).get());
      } catch (error) {
        // A page of something in between does not count as "no".
        if (error instanceof UpstreamError && error.status === 404 && error.serviceCode) return undefined;
        throw error;
      }
    },
    post: (request) => attempt(request, () => prepare(request).post(request.body)),
    patch: (request) => attempt(request, () => prepare(request).patch(request.body)),
    async onceReplicated<T>(request: () => Promise<T>) {
      const known = async (): Promise<{ answer: T } | undefined> => {
        try {
          return { answer: await request() };
        } catch (error) {
          if (awaitsReplication(error)) return undefined;
          throw error;
        }
      };
      const found = await retry(clock, known, { pauses: PAUSES, spread: true });
      if (found) return found.answer;
      throw new NotYetError(
        "replication-pending",
        "Cannot continue yet: Microsoft Graph is still replicating a new object",
        {
          retryAfterSeconds: 30,
        },
      );
    },
  };
}

async function once(action: string, call: () => Promise<unknown>): Promise<unknown> {
  const answer = await call().catch((error: unknown) => {
    throw graphError(action, error);
  });
  if (isJson(answer)) return answer;
  throw notJson(action);
}

/** Requests of Microsoft's client, ready to be sent. */
function requests(url: string, token: GraphToken): (request: GraphRequest) => ClientRequest {
  const middleware = MiddlewareFactory.getDefaultMiddlewareChain({ getAccessToken: () => token() });
  const client = Client.initWithMiddleware({
    baseUrl: `${url}/`,
    defaultVersion: "v1.0",
    // The client sends the token only to hosts it knows.
    customHosts: new Set([new URL(url).hostname]),
    // The last of them sends: with a limit for what comes back.
    middleware: [...middleware.slice(0, -1), { execute: send }],
  });
  return ({ path, query, headers, once, signal }) => {
    const late = AbortSignal.timeout(SLOW_REQUEST_TIME_OUT);
    const request = client.api(path).option("signal", signal ? AbortSignal.any([late, signal]) : late);
    if (query) request.query(query);
    if (headers) request.headers(headers);
    return request.middlewareOptions([UNLED, once ? UNREPEATED : WITHIN_TIMEOUT]);
  };
}

async function send(context: Context): Promise<void> {
  const response = await boundedFetch(context.request, context.options as RequestInit);
  context.response = response.status >= 400 ? await inGraphsForm(response) : response;
}

/** Quotes a value for an OData key or filter: `odata`'s quotes are doubled, the rest is percent-encoded. */
export function odata(value: string): string {
  return `'${encodeURIComponent(value.replaceAll("'", "''"))}'`;
}

/** The client hands on whatever came with a good status: a page of a proxy as text or as a stream. 204 has no body. */
function isJson(answer: unknown): boolean {
  return answer === undefined || Object.getPrototypeOf(answer) === Object.prototype;
}
