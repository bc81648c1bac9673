import { type Service, StalledError, UpstreamError } from "../errors.ts";
import { HOUR, MOST_BYTES, REQUEST_TIME_OUT, SECOND } from "../limits.ts";

/** The answer of an outside service, read to its end. `json` is undefined where the body is not JSON. */
export interface Answer {
  status: number;
  json: unknown;
  /** So long the service wants to be left alone, where it says so. */
  retryAfterSeconds?: number;
  /** Names the state of what was read, where the service gives it a name. */
  etag?: string;
  /** Azure Storage's own code for a refusal. */
  storageCode?: string;
}

export interface RequestOptions {
  method?: string;
  headers?: Record<string, string>;
  body?: string | URLSearchParams;
  /** After so many milliseconds the service counts as not answering. */
  timeoutMilliseconds?: number;
  /** Ends the request too: one time limit for several. */
  signal?: AbortSignal;
}

/**
 * One HTTP request, never repeated here: a run that failed is repeated as a whole.
 * `action` says what is attempted, in the words of an error message: "push the secret to https://...".
 * A redirect is never followed: what is sent may hold a secret, and is meant for this address alone.
 * @throws {UpstreamError} with status 0 when no answer came, {StalledError} when the answer leads elsewhere.
 */
export async function request(
  service: Service,
  action: string,
  { url, ...options }: RequestOptions & { url: string },
): Promise<Answer> {
  const { answer, redirect } = await answered(service, action, { url, ...options });
  if (redirect !== undefined) throw redirected(service, action, { from: url, to: redirect });
  return answer;
}

async function answered(
  service: Service,
  action: string,
  { url, ...options }: RequestOptions & { url: string },
): Promise<{ answer: Answer; redirect: string | undefined }> {
  try {
    const response = await boundedFetch(url, {
      method: options.method ?? "GET",
      headers: { accept: "application/json", ...options.headers },
      ...(options.body === undefined ? {} : { body: options.body }),
      redirect: "manual",
      signal: AbortSignal.any([
        AbortSignal.timeout(options.timeoutMilliseconds ?? REQUEST_TIME_OUT),
        ...(options.signal ? [options.signal] : []),
      ]),
    });
    const { status, headers } = response;
    const redirect = status >= 300 && status < 400 ? (headers.get("location") ?? undefined) : undefined;
    const retryAfterSeconds = secondsToWait(headers);
    const etag = headers.get("etag");
    const storageCode = headers.get("x-ms-error-code");
    const json = parseJson(await response.text());
    return {
      answer: { status, json, retryAfterSeconds, ...(etag ? { etag } : {}), ...(storageCode ? { storageCode } : {}) },
      redirect,
    };
  } catch (error) {
    const because = reason(error);
    const what = because === "AnswerTooLarge" ? "answers without end" : "does not answer";
    throw new UpstreamError(`Cannot ${action}: ${service} ${what} at ${new URL(url).origin} (${because})`, {
      service,
      status: 0,
      cause: error,
    });
  }
}

/** Those of an answer, of whichever client. */
interface Headers {
  get(name: string): string | null | undefined;
}

/** By which headers a service says that, the finest first. */
export const WAITING_TIMES = ["retry-after-ms", "x-ms-retry-after-ms", "retry-after"] as const;

/**
 * How long a service wants to be left alone: milliseconds as Azure says them too, seconds, or a date by its own clock
 * (RFC 9110). An hour at most, for whoever waits shall look again; 0 where nothing is said.
 */
export function secondsToWait(headers: Headers): number {
  const [inMs, inMsToo, after] = WAITING_TIMES.map((name) => headers.get(name));
  const milliseconds = [inMs, inMsToo].find(isNumber);
  const seconds = milliseconds
    ? Number(milliseconds) / SECOND
    : isNumber(after)
      ? Number(after)
      : untilDate(after, headers);
  return Math.min(Math.max(Math.ceil(seconds) || 0, 0), HOUR / SECOND);
}

function isNumber(text: string | null | undefined): text is string {
  return /^\d+$/.test(text ?? "");
}

function untilDate(date: string | null | undefined, headers: Headers): number {
  return (Date.parse(date ?? "") - Date.parse(headers.get("date") ?? "")) / SECOND;
}

/** Of the address that it leads to only the origin is told: a log-in page's may carry what was asked for. */
function redirected(service: Service, action: string, { from, to }: { from: string; to: string }): StalledError {
  const here = new URL(from).origin;
  const there = URL.parse(to, from)?.origin ?? "an invalid address";
  const page = there === here ? "another page there" : there;
  return new StalledError("address-redirects", `Cannot ${action}: ${service} at ${here} redirects to ${page}`, {});
}

/** Like `fetch`, but the reading of an answer that is too long fails. Nobody else in the product calls `fetch`. */
export async function boundedFetch(url: string | URL | Request, how: RequestInit | undefined): Promise<Response> {
  const response = await fetch(url, how);
  if (response.body === null) return response;
  let seen = 0;
  const limit = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      seen += chunk.byteLength;
      if (seen <= MOST_BYTES) return controller.enqueue(chunk);
      controller.error(Object.assign(new Error("The answer is too long"), { name: "AnswerTooLarge" }));
    },
  });
  const { status, statusText, headers } = response;
  return new Response(response.body.pipeThrough(limit), { status, statusText, headers });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The system's word for a connection that failed (ECONNREFUSED, ...); never the request, which may hold a secret. */
function reason(error: unknown): string {
  const cause = error instanceof Error ? (error.cause ?? error) : undefined;
  if (cause instanceof Error) return "code" in cause && typeof cause.code === "string" ? cause.code : cause.name;
  return "no reason given";
}
