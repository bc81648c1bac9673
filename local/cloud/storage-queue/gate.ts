import type { MiddlewareHandler } from "hono";
import { refusal } from "./refusal.ts";

/** What the routes behind the gate find in their context. */
export interface Authenticated {
  Variables: { objectId: string };
}

/** What a caller may do with messages and queues, by Azure RBAC: the data actions behind the built-in roles. */
export type Right = "read" | "add" | "process" | "manage";

/** Microsoft Learn: "Azure built-in roles for Storage". */
export const STORAGE_QUEUE_ROLES = {
  "Storage Queue Data Contributor": ["read", "add", "process", "manage"],
  "Storage Queue Data Message Processor": ["read", "process"],
  "Storage Queue Data Message Sender": ["add"],
  "Storage Queue Data Reader": ["read"],
} as const satisfies Record<string, readonly Right[]>;

export interface GateOptions {
  /** Throws when the bearer token is not good; returns the object id of whoever it was issued to. */
  verify: (token: string) => Promise<{ objectId: string }>;
  /** For the challenge, `https://login.localhost:4123/<tenant>`. */
  authorityUrl: () => string;
}

/**
 * What every request has to pass. There is no shared key: the account allows tokens of Entra only, as the product's
 * own storage account does (Microsoft Learn: "Authorize with Microsoft Entra ID", which also asks for `x-ms-version`).
 */
export function gate({ verify, authorityUrl }: GateOptions): MiddlewareHandler<Authenticated> {
  return async (c, next) => {
    const authorization = c.req.header("authorization");
    const challenge = {
      "www-authenticate": `Bearer authorization_uri=${authorityUrl()}/oauth2/authorize resource_id=https://storage.azure.com`,
    };
    if (!authorization) throw refusal("NoAuthenticationInformation", challenge);
    const token = /^Bearer ([^\s]+)$/i.exec(authorization)?.[1];
    if (!token) throw refusal("AuthenticationFailed");
    if (!c.req.header("x-ms-version")) throw refusal("MissingRequiredHeader");
    const caller = await verify(token).catch(() => undefined);
    if (!caller) throw refusal("AuthenticationFailed", challenge);
    c.set("objectId", caller.objectId);
    await next();
  };
}
