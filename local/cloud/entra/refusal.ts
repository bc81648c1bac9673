import { randomUUID } from "node:crypto";
import { HTTPException } from "hono/http-exception";
import type { ContentfulStatusCode } from "hono/utils/http-status";

/** Why a token is refused: one of the codes below, and the sentence that follows it. */
export interface Refusal {
  code: Code;
  text: string;
}

export type Code = keyof typeof ANSWERS;

/**
 * Status and `error` for each code. Confirmed by public logs: 7000216, 7000229, 501051, 70011, 900382; the others are the most
 * likely. Meanings: Microsoft Learn, "Microsoft Entra authentication and authorization error codes".
 */
const ANSWERS = {
  7000112: [400, "unauthorized_client"],
  7000215: [401, "invalid_client"],
  7000216: [401, "invalid_client"],
  7000218: [401, "invalid_client"],
  7000222: [401, "invalid_client"],
  7000229: [401, "invalid_client"],
  700016: [400, "unauthorized_client"],
  700022: [400, "invalid_request"],
  700027: [401, "invalid_client"],
  50001: [400, "invalid_resource"],
  53003: [400, "invalid_grant"],
  530003: [400, "invalid_grant"],
  70003: [400, "unsupported_grant_type"],
  70011: [400, "invalid_scope"],
  1002012: [400, "invalid_scope"],
  500011: [400, "invalid_resource"],
  501051: [400, "invalid_grant"],
  900144: [400, "invalid_request"],
  90002: [400, "invalid_request"],
  90033: [503, "temporarily_unavailable"],
  90055: [429, "invalid_request"],
  900382: [400, "invalid_request"],
} as const satisfies Record<number, readonly [ContentfulStatusCode, string]>;

/** A refusal to be thrown by whatever finds the reason; `refusalAnswer` makes the answer of it. */
export function refuse(code: Code, text: string): HTTPException {
  const [status] = ANSWERS[code];
  return new HTTPException(status, { message: text, cause: { code, text } satisfies Refusal });
}

/** 501 for what Entra could do and this stand-in cannot: no answer of the real service. */
export function notModelled(what: string): HTTPException {
  const body = { error: "not_modelled", error_description: `The local stand-in does not model ${what}.` };
  return new HTTPException(501, { message: body.error_description, res: Response.json(body, { status: 501 }) });
}

/** The refusal in an exception, or `undefined` for anything that is a fault of the stand-in itself. */
export function refusalIn(error: Error): Refusal | undefined {
  return error instanceof HTTPException ? (error.cause as Refusal | undefined) : undefined;
}

/** The error answer of the token endpoint. `correlationId` is what the client gave, if it gave one. */
export function refusalAnswer(
  { code, text }: Refusal,
  { now, origin, correlationId = randomUUID() }: { now: Date; origin: string; correlationId?: string | undefined },
): Response {
  const [status, error] = ANSWERS[code];
  const timestamp = `${now.toISOString().slice(0, 19).replace("T", " ")}Z`;
  const traceId = randomUUID();
  const lines = [
    `AADSTS${code}: ${text}`,
    `Trace ID: ${traceId}`,
    `Correlation ID: ${correlationId}`,
    `Timestamp: ${timestamp}`,
  ];
  const body = {
    error,
    error_description: lines.join("\r\n"),
    error_codes: [code],
    timestamp,
    trace_id: traceId,
    correlation_id: correlationId,
    error_uri: `${origin}/error?code=${code}`,
  };
  return Response.json(body, { status, headers: { "Cache-Control": "no-store" } });
}
