import type { TokenCredential } from "@azure/identity";
import { LONGEST_PAUSE, MOST_BYTES, SECOND, SLOW_REQUEST_TIME_OUT } from "../limits.ts";
import { secondsToWait, WAITING_TIMES } from "./http.ts";

/** As much of the requests and answers of Microsoft's clients as the bounds look at. */
interface PipelineRequest {
  onDownloadProgress?: (progress: { loadedBytes: number }) => void;
}
interface PipelineResponse {
  status: number;
  headers: {
    get(name: string): string | undefined;
    set(name: string, value: string): void;
    delete(name: string): void;
  };
}

/**
 * For `additionalPolicies` of one of Microsoft's clients, which by themselves wait as long as a service asks for, and
 * read whatever comes: an answer may have a certain size, and a service that wants to be left alone for longer than a
 * moment is left alone by us, who know until when there is time. The error then tells `retryAfterSeconds`.
 */
export const bounds = {
  position: "perRetry" as const,
  policy: {
    name: "bounds",
    async sendRequest<Request extends PipelineRequest, Response extends PipelineResponse>(
      request: Request,
      next: (request: Request) => Promise<Response>,
    ): Promise<Response> {
      request.onDownloadProgress = ({ loadedBytes }) => {
        if (loadedBytes > MOST_BYTES) throw failure("AnswerTooLarge", {});
      };
      const response = await next(request);
      const { status, headers } = response;
      const asked = secondsToWait(headers);
      if ((status === 429 || status === 503) && asked * SECOND > LONGEST_PAUSE) {
        throw failure("RestError", { statusCode: status, retryAfterSeconds: asked });
      }
      // What the client would read differently: nonsense as no pause at all, a date by our own clock.
      for (const name of WAITING_TIMES) if (!/^\d*$/.test(headers.get(name) ?? "")) headers.delete(name);
      if (asked > 0) headers.set("retry-after", String(asked));
      return response;
    },
  },
};

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
