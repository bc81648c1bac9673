import { HTTPException } from "hono/http-exception";
import type { ContentfulStatusCode } from "hono/utils/http-status";

/** What the service says for each of its codes. Microsoft Learn: "Queue Storage error codes", "Common REST API error codes". */
const WORDS = {
  NoAuthenticationInformation: [
    401,
    "Server failed to authenticate the request. Please refer to the information in the www-authenticate header.",
  ],
  AuthenticationFailed: [
    403,
    "Server failed to authenticate the request. Make sure the value of Authorization header is formed correctly including the signature.",
  ],
  AuthorizationPermissionMismatch: [
    403,
    "This request is not authorized to perform this operation using this permission.",
  ],
  AuthorizationFailure: [403, "This request is not authorized to perform this operation."],
  MissingRequiredHeader: [400, "A required HTTP header was not specified."],
  InvalidQueryParameterValue: [400, "Value for one of the query parameters specified in the request URI is invalid."],
  OutOfRangeQueryParameterValue: [
    400,
    "One of the query parameters specified in the request URI is outside the permissible range.",
  ],
  InvalidRange: [416, "The range specified is invalid for the current size of the resource."],
  InvalidMetadata: [400, "The specified metadata is invalid. It includes characters that are not permitted."],
  InvalidXmlDocument: [400, "XML specified is not syntactically valid."],
  InvalidResourceName: [400, "The specifed resource name contains invalid characters."],
  RequestBodyTooLarge: [413, "The request body is too large and exceeds the maximum permissible limit."],
  PopReceiptMismatch: [400, "The specified pop receipt did not match the pop receipt for a dequeued message."],
  MessageNotFound: [404, "The specified message does not exist."],
  ConditionNotMet: [412, "The condition specified using HTTP conditional header(s) is not met."],
  ContainerNotFound: [404, "The specified container does not exist."],
  ContainerAlreadyExists: [409, "The specified container already exists."],
  BlobAlreadyExists: [409, "The specified blob already exists."],
  BlobNotFound: [404, "The specified blob does not exist."],
  QueueNotFound: [404, "The specified queue does not exist."],
} as const satisfies Record<string, readonly [ContentfulStatusCode, string]>;

export type Code = keyof typeof WORDS | "NotModelled";

/** An answer that refuses the request: throw it. The code is in a header too, where Microsoft's clients look first. */
export function refusal(code: Code, headers: Record<string, string> = {}): HTTPException {
  const [status, message] = code === "NotModelled" ? ([501, "not modelled"] as const) : WORDS[code];
  const xml = `<?xml version="1.0" encoding="utf-8"?><Error><Code>${code}</Code><Message>${message}</Message></Error>`;
  const all = { "content-type": "application/xml", "x-ms-error-code": code, ...headers };
  return new HTTPException(status, { message, res: new Response(xml, { status, headers: all }) });
}
