import { createRemoteJWKSet, customFetch, errors, type JWTVerifyGetKey, jwtVerify } from "jose";
import * as z from "zod";
import { UpstreamError } from "../../errors.ts";
import type { VerifyToken } from "../../triggers/caller.ts";
import { boundedFetch, request } from "../http.ts";
import { entraRefusal } from "./refusals.ts";

const configuration = z.object({ issuer: z.string(), jwks_uri: z.string() });
/** The calling application is named by `appid` in tokens of version 1, by `azp` in those of version 2. */
const claims = z
  .object({
    roles: z.array(z.string()).default([]),
    oid: z.string().optional(),
    azp: z.string().optional(),
    appid: z.string().optional(),
  })
  .transform(({ roles, oid, azp, appid }) => ({ roles, oid, appId: azp ?? appid }));

/** jose's codes for keys that could not be fetched or read; every other one means that the token is not good. */
const KEYS_UNREADABLE = new Set(["ERR_JWKS_TIMEOUT", "ERR_JWKS_INVALID", "ERR_JOSE_GENERIC"]);

/**
 * Verifies tokens that callers bring: signed by the tenant, for this app (its client id or `api://` and that), alive.
 * Issuers and keys come from the authority's OpenID configuration, fetched once per instance, and again after a failure.
 * Tokens of version 1 have another issuer than those of version 2; which a caller gets depends on the API's registration.
 * @returns a function that answers undefined for a token that is not good. @throws {UpstreamError} without keys.
 */
export function callerTokens(authority: string, audience: string): VerifyToken {
  let known: Promise<{ issuer: string[]; keys: JWTVerifyGetKey }> | undefined;
  const discover = async () => {
    const [v2, v1] = await Promise.all(["v2.0/", ""].map((version) => openIdConfiguration(authority, version)));
    if (!v1 || !v2) throw new Error("unreachable");
    const keys = createRemoteJWKSet(new URL(v2.jwks_uri), { [customFetch]: boundedFetch });
    return { issuer: [v2.issuer, v1.issuer], keys };
  };
  return async (token) => {
    known ??= discover();
    const { issuer, keys } = await known.catch((error: unknown) => {
      known = undefined;
      throw error;
    });
    try {
      const { payload } = await jwtVerify(token, keys, {
        issuer,
        audience: [audience, `api://${audience}`],
        algorithms: ["RS256"],
        requiredClaims: ["exp"],
        clockTolerance: 60,
      });
      return { ...claims.parse(payload), audience };
    } catch (error) {
      const unreachable = !(error instanceof errors.JOSEError) || KEYS_UNREADABLE.has(error.code);
      if (unreachable && !(error instanceof z.ZodError)) {
        throw new UpstreamError("Cannot verify the caller's token: Entra does not return the tenant's signing keys", {
          service: "Entra",
          status: 0,
          cause: error,
        });
      }
      return undefined;
    }
  };
}

async function openIdConfiguration(authority: string, version: string) {
  const url = `${authority}/${version}.well-known/openid-configuration`;
  const action = "read the tenant's OpenID configuration";
  const answer = await request("Entra", action, { url });
  if (answer.status !== 200) throw entraRefusal(action, answer);
  const parsed = configuration.safeParse(answer.json);
  if (parsed.success) return parsed.data;
  throw new UpstreamError(`Cannot ${action}: Entra answered 200, but not with an OpenID configuration`, {
    service: "Entra",
    status: 200,
  });
}
