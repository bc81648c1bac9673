import type { MiddlewareHandler } from "hono";
import type { AppServiceOptions } from "./options.ts";
import { refusal } from "./refusal.ts";

/** What the routes behind the gate find in their context. */
export interface Authenticated {
  Variables: { objectId: string };
}

/** Of Microsoft.Web, those that know configuration references; a refresh is documented with the first of them. */
const API_VERSIONS = [
  "2022-03-01",
  "2022-09-01",
  "2023-01-01",
  "2023-12-01",
  "2024-04-01",
  "2024-11-01",
  "2025-03-01",
  "2025-05-01",
];

/** What every request has to pass: the throttle, a good bearer token, a version of the API, of sites one that they know. */
export function gate(options: AppServiceOptions, throttle: Throttle): MiddlewareHandler<Authenticated> {
  return async (c, next) => {
    if (throttle.left > 0) {
      throttle.left -= 1;
      const message =
        "The request is being throttled as the limit has been reached for operation type. Please retry later.";
      throw refusal(429, { code: "TooManyRequests", message }, { "retry-after": String(throttle.retryAfter) });
    }
    c.set("objectId", await callerOf(c.req.header("authorization"), options));
    const version = c.req.query("api-version");
    if (!version) {
      const message = "The api-version query parameter (?api-version=) is required for all requests.";
      throw refusal(400, { code: "MissingApiVersionParameter", message });
    }
    if (/\/Microsoft\.Web\/sites\//i.test(c.req.path) && !API_VERSIONS.includes(version)) {
      const message = `The resource type 'sites' does not support the api-version '${version}'.`;
      throw refusal(400, { code: "NoRegisteredProviderFound", message });
    }
    await next();
  };
}

/** How many of the next requests are one too many; `retryAfter` in seconds. */
export interface Throttle {
  left: number;
  retryAfter: number;
}

async function callerOf(authorization: string | undefined, options: AppServiceOptions): Promise<string> {
  const token = /^Bearer ([^\s]+)$/i.exec(authorization ?? "")?.[1];
  if (!token)
    throw unauthenticated(
      "AuthenticationFailed",
      "Authentication failed. The 'Authorization' header is missing.",
      options,
    );
  try {
    return (await options.verify(token)).objectId;
  } catch {
    // The real text depends on what is wrong with the token; nothing of the token may be repeated.
    throw unauthenticated("InvalidAuthenticationToken", "The access token is invalid.", options);
  }
}

function unauthenticated(code: string, message: string, options: AppServiceOptions) {
  const challenge = `Bearer authorization_uri="${options.authorityUrl()}", error="invalid_token", error_description="${message}"`;
  return refusal(401, { code, message }, { "www-authenticate": challenge });
}
