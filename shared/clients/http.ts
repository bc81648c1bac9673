import { type Service, UpstreamError } from "../errors.ts";
import { MOST_BYTES, REQUEST_TIME_OUT } from "../limits.ts";

/** The answer of an outside service, read to its end. `json` is undefined where the body is not JSON. */
export interface Answer {
  status: number;
  json: unknown;
  /** So long the service wants to be left alone, where it says so. */
  retryAfterSeconds?: number;
  /** Names the state of what was read, where the service gives it a name. */
  etag?: string;
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
 * @throws {UpstreamError} with status 0 when no answer came.
 */
export async function request(
  service: Service,
  action: string,
  { url, ...options }: RequestOptions & { url: string },
): Promise<Answer> {
  try {
    const response = await boundedFetch(url, {
      method: options.method ?? "GET",
      headers: { accept: "application/json", ...options.headers },
      ...(options.body === undefined ? {} : { body: options.body }),
      redirect: "error",
      signal: AbortSignal.any([
        AbortSignal.timeout(options.timeoutMilliseconds ?? REQUEST_TIME_OUT),
        ...(options.signal ? [options.signal] : []),
      ]),
    });
    const asked = Number(response.headers.get("retry-after") ?? 0) || 0;
    const etag = response.headers.get("etag");
    const json = parseJson(await response.text());
    return { status: response.status, json, retryAfterSeconds: asked, ...(etag ? { etag } : {}) };
  } catch (error) {
    throw new UpstreamError(
      `Cannot ${action}: ${service} does not answer at ${new URL(url).origin} (${reason(error)})`,
      {
        service,
        status: 0,
        cause: error,
      },
    );
  }
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
