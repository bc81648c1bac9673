import { compactVerify, decodeProtectedHeader } from "jose";
import { refusal } from "./refusal.ts";
import type { SecurityConfiguration } from "./security-configuration.ts";
import { features, type Server } from "./server.ts";
import { liveUser } from "./state.ts";

/** Claims by name in lower case: OpenMetadata does not distinguish. */
type Claims = Map<string, unknown>;

/**
 * Decides which user a bearer token stands for, and throws what OpenMetadata answers to a bad one. The signature and
 * the expiry count; issuer, audience and tenant are never looked at, in any release. A key that no URL publishes is a
 * 500 (401 in the newest releases), and so is one whose publisher cannot be reached.
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
  const principal = emailOf(claims, server) ?? principalOf(claims, server.security.current());
  if (!isBot) requireDomain(principal, server.security.current());
  const [name = ""] = principal.split("@");
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
  if (!key) throw refusal(features(server).unknownKey, "JWT Token keyID doesn't match the configured keyID.");
  try {
    await compactVerify(token, key, { algorithms: ["RS256"] });
  } catch {
    throw refusal(401, "Not Authorized! Invalid token");
  }
}

/** What the e-mail claim says, in releases that know one; whose address it is not is told by the stored user. */
function emailOf(claims: Claims, server: Server): string | undefined {
  const { emailClaim } = server.options;
  const claim = features(server).emailClaim && emailClaim ? claims.get(emailClaim.toLowerCase()) : undefined;
  if (typeof claim !== "string" || !claim.includes("@")) return undefined;
  if (claims.get("email_verified") === false) throw refusal(401, "Not Authorized! Email is not verified");
  const owner = liveUser(server.state, (claim.split("@")[0] ?? "").toLowerCase());
  if (owner && owner.email.toLowerCase() !== claim.toLowerCase()) {
    throw refusal(401, `User with email ${claim} is not registered`);
  }
  return claim;
}

/** The whole value of the claim that names the user. */
function principalOf(claims: Claims, { authenticationConfiguration }: SecurityConfiguration): string {
  const candidates = authenticationConfiguration.jwtPrincipalClaims;
  const present = candidates.find((claim) => claims.has(claim.toLowerCase()));
  if (!present) {
    const list = `[${candidates.join(", ")}]`;
    throw refusal(401, `Invalid JWT token, none of the following claims are present ${list}`);
  }
  return String(claims.get(present.toLowerCase()));
}

/** A bot may come from anywhere; the token of an app of Entra has no domain, so it cannot pass where one is enforced. */
function requireDomain(principal: string, { authorizerConfiguration }: SecurityConfiguration): void {
  const { principalDomain, allowedDomains = [], enforcePrincipalDomain } = authorizerConfiguration;
  const [, domain = ""] = principal.split("@");
  if (enforcePrincipalDomain && ![principalDomain, ...allowedDomains].includes(domain)) {
    throw refusal(401, `Not Authorized! Email does not match the principal domain ${principalDomain}`);
  }
}
