import { addAbortSignal, type Readable } from "node:stream";
import type { TokenCredential } from "@azure/identity";
import { LONGEST_PAUSE, MOST_BYTES, SECOND, SLOW_REQUEST_TIME_OUT } from "../limits.ts";
import { secondsToWait, WAITING_TIMES } from "./http.ts";

/** As much of the requests and answers of Microsoft's clients as the bounds look at. */
interface PipelineRequest {
  streamResponseStatusCodes?: Set<number> | undefined;
  abortSignal?: unknown;
}
interface PipelineResponse {
  status: number;
  headers: {
    get(name: string): string | undefined;
    set(name: string, value: string): void;
    delete(name: string): void;
  };
  readableStreamBody?: NodeJS.ReadableStream | undefined;
  bodyAsText?: string | null | undefined;
}

/** Whatever the status: the client reads no answer by itself. */
const ALL_STATUSES = new Set([Number.POSITIVE_INFINITY]);

/**
 * For `additionalPolicies` of one of Microsoft's clients, which by themselves wait as long as a service asks for, read
 * whatever comes, and for ever where the answer breaks off or drips: here an answer has a size and the time of its request.
 * A service that wants to be left alone for longer than a moment is left alone by us, who know until when there is time.
 * The error then tells `retryAfterSeconds`.
 */
export const bounds = {
  position: "perRetry" as const,
  policy: {
    name: "bounds",
    async sendRequest<Request extends PipelineRequest, Response extends PipelineResponse>(
      request: Request,
      next: (request: Request) => Promise<Response>,
    ): Promise<Response> {
      const { streamResponseStatusCodes: wanted } = request;
      request.streamResponseStatusCodes = ALL_STATUSES;
      const response = await next(request);
      request.streamResponseStatusCodes = wanted;
      refuseLongPause(response);
      if (response.readableStreamBody) {
        response.bodyAsText = await textOf(response.readableStreamBody, request.abortSignal);
        response.readableStreamBody = undefined;
      }
      const isPage = response.status < 300 && !/^\s*([{[]|$)/.test(response.bodyAsText ?? "");
      if (isPage) throw failure("AnswerNotJson", {});
      return response;
    },
  },
};

function refuseLongPause({ status, headers }: PipelineResponse): void {
  const asked = secondsToWait(headers);
  if ((status === 429 || status === 503) && asked * SECOND > LONGEST_PAUSE) {
    throw failure("RestError", { statusCode: status, retryAfterSeconds: asked });
  }
  // What the client would read differently: nonsense as no pause at all, a date by our own clock.
  for (const name of WAITING_TIMES) if (!/^\d*$/.test(headers.get(name) ?? "")) headers.delete(name);
  if (asked > 0) headers.set("retry-after", String(asked));
}

async function textOf(body: NodeJS.ReadableStream, signal: unknown): Promise<string> {
  const readable = body as Readable;
  // The stream of an answer that was packed does not end where the connection does, but where we end it.
  if (signal instanceof AbortSignal) addAbortSignal(signal, readable);
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of readable as AsyncIterable<Buffer>) {
    size += chunk.byteLength;
    if (size > MOST_BYTES) throw failure("AnswerTooLarge", {});
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

/** What came of a request without a status of the service's, for a message; `known` is the failure's own word. */
export function withoutStatus({ name }: { name?: string | undefined }, known: string | undefined): string {
  if (name === "AnswerTooLarge") return "the answer is too long";
  if (name === "AnswerNotJson") return "the answer is not JSON (is there a proxy in between?)";
  return `no answer (${known ?? name ?? "unknown"})`;
}

/** Gets no token: within a time of ours the endpoint of the identity did not answer. */
export const TOKEN_TIME_OUT_ERROR = "TokenTimeOutError";

/** The same credential, which answers within a time of ours whatever the identity's endpoint does. */
export function withinTime(credential: TokenCredential): TokenCredential {
  return {
    async getToken(scopes, options) {
      const late = Promise.withResolvers<never>();
      const timer = setTimeout(() => late.reject(failure(TOKEN_TIME_OUT_ERROR, {})), SLOW_REQUEST_TIME_OUT);
      try {
        return await Promise.race([credential.getToken(scopes, options), late.promise]);
      } finally {
        clearTimeout(timer);
      }
    },
  };
}

function failure(name: string, facts: object): Error {
  return Object.assign(new Error(name), { name, ...facts });
}
