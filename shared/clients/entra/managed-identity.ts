import { createHash } from "node:crypto";
import { type AccessToken, ManagedIdentityCredential, type TokenCredential } from "@azure/identity";
import * as z from "zod";
import { UpstreamError } from "../../errors.ts";
import { MINUTE, SECOND } from "../../limits.ts";
import type { Clock } from "../../retry.ts";
import { request } from "../http.ts";

/** The platform's endpoint, as it tells its apps by IDENTITY_ENDPOINT and IDENTITY_HEADER. */
export interface IdentityEndpoint {
  url: string;
  header: string;
}

const answer = z.object({ access_token: z.string(), expires_on: z.coerce.number() });
/** A token is given up so long before its end, as Microsoft's credential does. */
const MARGIN = 5 * MINUTE;

/**
 * The platform's managed identity. Microsoft's credential does not mind claims, and both it and the platform keep a token
 * for hours. Here claims mean what they mean to everybody else: the token that was refused is exchanged for a new one,
 * which the platform is asked for by the hash of the old one, as MSAL does on Service Fabric; whoever asks gets that from
 * then on. A platform that does not know the parameter gives what it has (Microsoft Learn: "How to use managed identities
 * for App Service and Azure Functions").
 *
 * Tokens are kept here as well, until Microsoft's credential wants to renew them: to find one takes it a third of a
 * millisecond of a processor, where a whole look takes four.
 */
export function managedIdentity(
  clientId: string | undefined,
  endpoint: IdentityEndpoint,
  { now }: Pick<Clock, "now">,
): TokenCredential {
  const usual = new ManagedIdentityCredential(clientId ? { clientId } : {});
  const kept = new Map<string, AccessToken>();
  const isFresh = ({ expiresOnTimestamp: end, refreshAfterTimestamp: renewal = end }: AccessToken): boolean =>
    now().getTime() < Math.min(renewal, end - MARGIN);
  const current = async (scope: string): Promise<AccessToken> => {
    const known = kept.get(scope);
    if (known && isFresh(known)) return known;
    const token = await usual.getToken(scope);
    kept.set(scope, token);
    return token;
  };
  return {
    async getToken(scopes, options = {}) {
      const [scope = ""] = [scopes].flat();
      const known = await current(scope);
      if (options.claims === undefined) return known;
      const another = await exchange(endpoint, { clientId, scope, refused: known.token });
      kept.set(scope, another);
      return another;
    },
  };
}

async function exchange(
  { url, header }: IdentityEndpoint,
  { clientId, scope, refused }: { clientId: string | undefined; scope: string; refused: string },
): Promise<AccessToken> {
  const action = `renew the app's own token for "${scope}"`;
  const asked = new URL(url);
  asked.search = new URLSearchParams({
    "api-version": "2019-08-01",
    resource: scope.replace(/\/\.default$/, ""),
    ...(clientId ? { client_id: clientId } : {}),
    token_sha256_to_refresh: createHash("sha256").update(refused).digest("hex"),
  }).toString();
  const { status, json } = await request("Entra", action, {
    url: asked.href,
    headers: { "x-identity-header": header },
  });
  const parsed = answer.safeParse(json);
  if (status !== 200 || !parsed.success) {
    throw new UpstreamError(`Cannot ${action}: the managed identity endpoint answered ${status}`, {
      service: "Entra",
      status,
    });
  }
  const { access_token: token, expires_on: expires } = parsed.data;
  return { token, expiresOnTimestamp: expires * SECOND };
}
