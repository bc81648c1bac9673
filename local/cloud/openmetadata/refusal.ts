import { HTTPException } from "hono/http-exception";
import type { ContentfulStatusCode } from "hono/utils/http-status";

/** An answer that refuses the request: throw it. The body is OpenMetadata's error envelope `{code, message}`, with an `errorType` where one is known. */
export function refusal(code: ContentfulStatusCode, message: string, errorType?: string): HTTPException {
  return new HTTPException(code, {
    message,
    res: Response.json(
      { errorType, code, message },
      { status: code, headers: code === 401 ? { "WWW-Authenticate": "om-auth" } : {} },
    ),
  });
}

/** 404 for an entity, for example `user instance for nobody not found`. */
export function notFound(type: "user" | "bot" | "ingestionPipeline" | "role" | "team", key: string): HTTPException {
  return refusal(404, `${type} instance for ${key} not found`);
}

/** 404 as the web server itself gives it, for a path that this release does not have. */
export function noSuchPath(): HTTPException {
  return refusal(404, "HTTP 404 Not Found");
}
