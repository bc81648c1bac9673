import type { MiddlewareHandler } from "hono";
import { badParameter, refusal } from "./refusal.ts";
import type { Authenticated, Vault } from "./vault.ts";

/** Stable versions of the API that know everything this stand-in answers. */
export const API_VERSIONS = ["7.0", "7.1", "7.2", "7.3", "7.4", "7.5", "7.6", "2025-07-01", "2026-04-01"];

/**
 * What every request has to pass, in this order: a good bearer token, the network, the version of the API. A request
 * without a token is answered with the challenge from which clients learn where to get one and for what (Microsoft
 * Learn: "Authentication, requests and responses").
 */
export function gate(vault: Vault): MiddlewareHandler<Authenticated> {
  return async (c, next) => {
    c.set("objectId", await callerOf(c.req.header("authorization"), vault));
    checkNetwork(vault, c.get("objectId"));
    requireApiVersion(vault, new URL(c.req.url).searchParams.get("api-version"));
    await next();
  };
}

function checkNetwork({ rules, options }: Vault, objectId: string): void {
  if (!rules.publicAccess) {
    const message = `Public network access is disabled and request is not from a trusted service nor via an approved private link.\r\nCaller: oid=${objectId}\r\nVault: ${options.name}`;
    throw refusal(403, { code: "Forbidden", message, inner: "ForbiddenByConnection" });
  }
  if (!rules.firewall) return;
  const message = `Client address is not authorized and caller is not a trusted service.\r\nVault: ${options.name}`;
  throw refusal(403, { code: "Forbidden", message, inner: "ForbiddenByFirewall" });
}

async function callerOf(authorization: string | undefined, vault: Vault): Promise<string> {
  const token = /^Bearer ([^\s]+)$/i.exec(authorization ?? "")?.[1];
  if (!token) throw challenge(vault, "AKV10000: Request is missing a Bearer or PoP token.");
  try {
    return (await vault.options.verify(token)).objectId;
  } catch {
    // The real text depends on what is wrong with the token; nothing of the token may be repeated.
    throw challenge(vault, "Error validating token.");
  }
}

function challenge({ options }: Vault, message: string) {
  const pairs = `authorization="${options.authority()}/${options.tenantId}", resource="${options.resource()}"`;
  return refusal(401, { code: "Unauthorized", message }, { "www-authenticate": `Bearer ${pairs}` });
}

/** Read through `URL`: Microsoft's client sends the key as `api%2Dversion`. */
function requireApiVersion({ rules }: Vault, version: string | null): void {
  if (!version) throw badParameter("api-version must be specified");
  if (rules.apiVersions.includes(version)) return;
  throw badParameter(
    `The specified version (${version}) is not recognized. Consider using the latest supported version (${rules.apiVersions.at(-1)}).`,
  );
}
