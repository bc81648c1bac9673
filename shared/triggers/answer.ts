import type { HttpResponseInit } from "@azure/functions";
import type * as z from "zod";
import { ContinuableError, codeOf, NotYetError, ProblemError, quoted, StalledError, UpstreamError } from "../errors.ts";
import { PROBLEMS, problemType } from "../problems/problems.ts";

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

/** So many names that nobody knows are repeated. */
const MOST_NAMES = 5;

/** What is wrong where, without any value. */
export function faultsOf({ issues }: z.ZodError): string {
  return issues
    .map((issue) => {
      const message = issue.code === "unrecognized_keys" ? unknownFields(issue.keys) : issue.message;
      return `${issue.path.join(".") || "body"}: ${message}`;
    })
    .join("; ");
}

function unknownFields(names: readonly string[]): string {
  const told = names.slice(0, MOST_NAMES).map(quoted);
  const more = names.length > told.length ? ` and ${names.length - told.length} more` : "";
  return `unknown ${names.length > 1 ? "fields" : "field"} ${told.join(", ")}${more}`;
}

/**
 * Turns whatever was thrown into an answer by its code: problem details (RFC 9457), or 202 where it only must be waited
 * for. Of a fault of our own nothing is told.
 */
export function answerError(
  error: unknown,
  more: { issuedBefore?: string; left?: readonly string[] } = {},
): HttpResponseInit {
  if (error instanceof ContinuableError) {
    const { cause, issuedBefore, left } = error;
    return answerError(cause, left.length > 0 ? { issuedBefore, left } : { issuedBefore });
  }
  const code = codeOf(error);
  if (error instanceof NotYetError) {
    const body = { converged: false, waitingFor: error.message, code, ...more };
    return json(202, body, { "retry-after": String(error.retryAfterSeconds) });
  }
  const { status, title, hint } = PROBLEMS[code];
  const known = error instanceof ProblemError ? error : { message: "An unexpected failure; see the log", hint };
  const body = { type: problemType(code), title, status, detail: known.message, code, hint: known.hint };
  return json(status, { ...body, ...more, ...factsOf(error) }, headersOf(error));
}

/** What kinds of errors tell beyond a message. */
function factsOf(error: unknown): object {
  if (error instanceof StalledError) {
    const { permissions, adminConsentUrls } = error;
    return { permissions, adminConsentUrls };
  }
  if (error instanceof UpstreamError) {
    const { service, status, serviceCode } = error;
    return { upstream: { service, status, code: serviceCode } };
  }
  return {};
}

function headersOf(error: unknown): Record<string, string> {
  const type = { "content-type": "application/problem+json" };
  if (codeOf(error) === "caller-unknown") return { ...type, "www-authenticate": "Bearer" };
  if (!(error instanceof UpstreamError && error.transient)) return type;
  return { ...type, "retry-after": String(Math.max(RETRY_AFTER, error.retryAfterSeconds)) };
}
