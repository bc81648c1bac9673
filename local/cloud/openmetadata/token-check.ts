import { compactVerify, decodeProtectedHeader } from "jose";
import type { OpenMetadataOptions } from "./options.ts";
import { DEFAULT_PRINCIPAL_CLAIMS } from "./options.ts";
import { refusal } from "./refusal.ts";
import { features, type Server } from "./server.ts";

/** Claims by name in lower case: OpenMetadata does not distinguish. */
type Claims = Map<string, unknown>;

/**
 * Decides which user a bearer token stands for, and throws what OpenMetadata answers to a bad one. The signature and
 * the expiry count; issuer, audience and tenant are never looked at, in any release. A key that no URL publishes is a
 * 500 (401 only in the newest releases), and so is one whose publisher cannot be reached.
 */
export async function userNameOf(authorization: string | undefined, server: Server): Promise<string> {
  if (!authorization?.startsWith("Bearer ")) throw refusal(401, "Not Authorized! Token not present");
  const token = authorization.slice("Bearer ".length);
  const { kid, claims } = decode(token);
  const expires = claims.get("exp");
  if (typeof expires === "number" && expires * 1000 < server.options.clock.now().getTime()) {
    throw refusal(401, "Expired token!");
  }
  await verify(token, kid, server);

  const isBot = claims.get("isbot") === true;
  const name = principalOf(claims, { ...server.options, ...(isBot && { enforcePrincipalDomain: false }) });
  const userName = features(server).userNames === "lower case" ? name.toLowerCase() : name;
  if (isBot && server.botTokens.of(userName) !== token) {
    throw refusal(401, "Not Authorized! The given token does not match the current bot's token!");
  }
  return userName;
}

function decode(token: string): { kid: string; claims: Claims } {
  try {
    const payload = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString()) as object;
    const claims = new Map(Object.entries(payload).map(([name, value]) => [name.toLowerCase(), value]));
    return { kid: decodeProtectedHeader(token).kid ?? "", claims };
  } catch {
    throw refusal(401, "Not Authorized! Invalid token");
  }
}

async function verify(token: string, kid: string, server: Server): Promise<void> {
  const key = await server.signingKeys.find(kid);
  if (!key) throw refusal(500, "JWT Token keyID doesn't match the configured keyID.");
  try {
    await compactVerify(token, key, { algorithms: ["RS256"] });
  } catch {
    throw refusal(401, "Not Authorized! Invalid token");
  }
}

function principalOf(claims: Claims, options: OpenMetadataOptions): string {
  const candidates = options.jwtPrincipalClaims ?? DEFAULT_PRINCIPAL_CLAIMS;
  const present = candidates.find((claim) => claims.has(claim.toLowerCase()));
  if (!present) {
    const list = `[${candidates.join(", ")}]`;
    throw refusal(401, `Invalid JWT token, none of the following claims are present ${list}`);
  }
  const [name = "", domain = ""] = String(claims.get(present.toLowerCase())).split("@");
  if (options.enforcePrincipalDomain && domain !== options.principalDomain) {
    throw refusal(401, `Not Authorized! Email does not match the principal domain ${options.principalDomain}`);
  }
  return name;
}
