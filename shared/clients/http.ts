import { type Service, UpstreamError } from "../errors.ts";
import { REQUEST_TIME_OUT } from "../limits.ts";

/** The answer of an outside service, read to its end. `json` is undefined where the body is not JSON. */
export interface Answer {
  status: number;
  json: unknown;
}

export interface RequestOptions {
  method?: string;
  headers?: Record<string, string>;
  body?: string | URLSearchParams;
  /** After so many milliseconds the service counts as not answering. */
  timeoutMilliseconds?: number;
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
    const response = await fetch(url, {
      method: options.method ?? "GET",
      headers: { accept: "application/json", ...options.headers },
      ...(options.body === undefined ? {} : { body: options.body }),
      redirect: "error",
      signal: AbortSignal.timeout(options.timeoutMilliseconds ?? REQUEST_TIME_OUT),
    });
    return { status: response.status, json: parseJson(await response.text()) };
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
