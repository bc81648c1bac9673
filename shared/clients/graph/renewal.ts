import { GraphError } from "@microsoft/microsoft-graph-client";
import { decodeJwt } from "jose";
import { UpstreamError } from "../../errors.ts";
import { SECOND } from "../../limits.ts";
import type { Clock } from "../../retry.ts";

/** The app's token for Graph; with claims, a new one in place of what was refused. */
export type GraphToken = (claims?: string) => Promise<string>;

/** Not more often, however many requests are refused: many need the same right. */
const PAUSE = 30 * SECOND;
/** What is asked for where the refusal names nothing. */
const NO_CLAIMS = "{}";

/**
 * Finds out, of a request that was refused, whether it is worth repeating with another token: one that Graph takes no
 * more (401), or one that may be older than a right that was granted since (403). The platform keeps tokens for hours.
 */
export function renewal(token: GraphToken, clock: Clock): (error: unknown, used: string) => Promise<boolean> {
  const asked: Record<number, { on: number; done: Promise<unknown> }> = {};
  const latest = async (status: 401 | 403, claims: string): Promise<string> => {
    const on = clock.now().getTime();
    const before = asked[status];
    const current = before && on - before.on < PAUSE ? before : { on, done: token(claims).catch(() => undefined) };
    asked[status] = current;
    await current.done;
    return token();
  };
  return async (error, used) => {
    if (!(error instanceof UpstreamError)) return false;
    if (error.status === 401) return (await latest(401, claimsIn(error.cause))) !== used;
    if (error.status !== 403 || !/insufficient privileges/i.test(error.message)) return false;
    return rolesIn(await latest(403, NO_CLAIMS)) !== rolesIn(used);
  };
}

/** What the new token shall have, as Graph's challenge says (Microsoft Learn: "Claims challenges"). */
function claimsIn(cause: unknown): string {
  const challenge = cause instanceof GraphError ? cause.headers?.get("www-authenticate") : undefined;
  const [, claims] = /\bclaims="([^"]+)"/.exec(challenge ?? "") ?? [];
  return claims ? Buffer.from(claims, "base64").toString() : NO_CLAIMS;
}

function rolesIn(token: string): string {
  try {
    return [...(decodeJwt<{ roles?: string[] }>(token).roles ?? [])].sort().join(" ");
  } catch {
    return "";
  }
}
