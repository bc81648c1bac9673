import type { HttpResponseInit } from "@azure/functions";
import { z } from "zod";
import {
  DetailedError,
  type Details,
  InputError,
  NotYetError,
  SettingsError,
  StalledError,
  UpstreamError,
} from "../errors.ts";

/** Seconds after which a caller asks again where something must be waited for. */
const RETRY_AFTER = 10;

/** Answers JSON that no cache keeps. */
export function json(status: number, body: unknown, headers: Record<string, string> = {}): HttpResponseInit {
  return { status, jsonBody: body, headers: { "cache-control": "no-store", ...headers } };
}

/** Answers text that no cache keeps. */
export function text(status: number, body: string, contentType: string): HttpResponseInit {
  return { status, body, headers: { "cache-control": "no-store", "content-type": contentType } };
}

/** 200 when converged, or for a mere plan; 202 when the caller must call again, and after how many seconds. */
export function converging<Body extends { converged: boolean }>(
  body: Body,
  dryRun: boolean,
  retryAfterSeconds = RETRY_AFTER,
): HttpResponseInit {
  if (body.converged || dryRun) return json(200, body);
  return json(202, body, { "retry-after": String(retryAfterSeconds) });
}

interface Problem {
  status: number;
  title: string;
  detail: string;
  hint?: string | undefined;
  headers?: Record<string, string>;
  more?: Details & { upstream?: { service: string; status: number; code: string | undefined } };
}

/** RFC 9457 problem details. */
export function problem({ status, title, detail, hint, headers, more }: Problem): HttpResponseInit {
  return json(
    status,
    { type: "about:blank", title, status, detail, ...(hint ? { hint } : {}), ...more },
    { "content-type": "application/problem+json", ...headers },
  );
}

/** What is wrong where, without any value. */
export function faultsOf({ issues }: z.ZodError): string {
  return issues.map(({ path, message }) => `${path.join(".") || "body"}: ${message}`).join("; ");
}

/** Turns whatever was thrown into an answer, by its consequence; of a fault of our own nothing is told. */
export function answerError(error: unknown, log: (line: string) => void, more: Details = {}): HttpResponseInit {
  if (error instanceof DetailedError) return answerError(error.cause, log, error.details);
  if (error instanceof InputError) {
    return problem({ status: 400, title: "Bad request", detail: error.message, hint: error.hint });
  }
  if (error instanceof z.ZodError) {
    const detail = `Cannot read the answer of a service: ${faultsOf(error)}`;
    log(detail);
    const hint = "Call again; if it stays so, see the log: the service may have changed, or a proxy answers for it";
    return problem({ status: 502, title: "A service answered something unexpected", detail, hint, more });
  }
  if (error instanceof SettingsError) {
    const hint = "Correct the app settings and restart the app";
    return problem({ status: 503, title: "Settings are wrong", detail: error.message, hint });
  }
  if (error instanceof NotYetError) {
    const retryAfter = { "retry-after": String(error.retryAfterSeconds) };
    return json(202, { converged: false, waitingFor: error.message }, retryAfter);
  }
  if (error instanceof StalledError) {
    return problem({ status: 409, title: "A person must act", detail: error.message, hint: error.hint, more });
  }
  if (error instanceof UpstreamError) {
    log(error.message);
    const { service, status, code } = error;
    const retryAfter = Math.max(RETRY_AFTER, error.retryAfterSeconds);
    return problem({
      status: error.transient ? 503 : 502,
      title: `${service} ${status === 0 ? "does not answer" : "refused"}`,
      detail: error.message,
      hint: error.transient ? "Call again; nothing is lost" : `See GET /api/status, and the log of ${service}`,
      headers: error.transient ? { "retry-after": String(retryAfter) } : {},
      more: { ...more, upstream: { service, status, code } },
    });
  }
  log(`unexpected failure: ${error instanceof Error ? (error.stack ?? error.name) : "not an Error"}`);
  return problem({ status: 500, title: "Internal error", detail: "An unexpected failure; see the log", more });
}
