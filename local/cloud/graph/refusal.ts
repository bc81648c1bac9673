import { HTTPException } from "hono/http-exception";
import type { ContentfulStatusCode } from "hono/utils/http-status";

/** Why a request is refused, beside the status and the sentence. */
export interface Reason {
  code: string;
  headers?: Record<string, string>;
}

/** An answer that refuses the request, with Graph's code: throw it. `errorBody` makes the envelope. */
export function refuse(
  status: ContentfulStatusCode,
  code: string,
  message: string,
  headers: Record<string, string> = {},
): HTTPException {
  return new HTTPException(status, { message, cause: { code, headers } satisfies Reason });
}

/** The reason in an exception; anything else than a refusal is a fault of the stand-in itself. */
export function reasonIn(error: Error): Reason {
  return error instanceof HTTPException ? (error.cause as Reason) : { code: "UnknownError" };
}

export function badRequest(message: string): HTTPException {
  return refuse(400, "Request_BadRequest", message);
}

/** A value that its property cannot have; `resource` is the kind of object, for example `Application`. */
export function invalidValue(property: string, resource: string): HTTPException {
  return badRequest(`Invalid value specified for property '${property}' of resource '${resource}'.`);
}

/** A reference that holds something else than a GUID. */
export function invalidIdentifier(id: string): HTTPException {
  return badRequest(`Invalid object identifier '${id}'.`);
}

export function notFound(id: string): HTTPException {
  return refuse(
    404,
    "Request_ResourceNotFound",
    `Resource '${id}' does not exist or one of its queried reference-property objects are not present.`,
  );
}

/** Something that Graph could do and this stand-in cannot: no answer of the real service, so that nobody takes it for one. */
export function notModelled(what: string): HTTPException {
  return refuse(501, "NotModelled", `The local stand-in does not model ${what}.`);
}

/** Microsoft Learn: "Microsoft Graph error responses and resource types". */
export function errorBody(
  error: Error,
  { now, requestId, clientRequestId }: { now: Date; requestId: string; clientRequestId: string },
) {
  const { code } = reasonIn(error);
  const innerError = {
    date: now.toISOString().slice(0, 19),
    "request-id": requestId,
    "client-request-id": clientRequestId,
  };
  return { error: { code, message: error.message, innerError } };
}
