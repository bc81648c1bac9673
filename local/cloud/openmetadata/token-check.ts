import { compactVerify, decodeProtectedHeader } from "jose";
import { failure, refusal } from "./refusal.ts";
import type { SecurityConfiguration } from "./security-configuration.ts";
import { features, type Server } from "./server.ts";
import { liveUser } from "./state.ts";

/** Claims by name in lower case: OpenMetadata does not distinguish. */
type Claims = Map<string, unknown>;

/** Whom a token stands for; `email` is its word, or made from the name. */
export interface Principal {
  name: string;
  email: string;
}

/**
 * Decides which user a bearer token stands for, and throws what OpenMetadata answers to a bad one. The signature and
 * the expiry count; issuer, audience and tenant are never looked at, in any release. A key that no URL publishes is a
 * 500 (401 in the newest releases), and so is one whose publisher cannot be reached.
 */
export async function principalOf(authorization: string | undefined, server: Server): Promise<Principal> {
  if (!authorization?.startsWith("Bearer ")) throw refusal(401, "Not Authorized! Token not present");
  const token = authorization.slice("Bearer ".length);
  const { kid, claims } = decode(token, server);
  const expires = claims.get("exp");
  if (typeof expires === "number" && expires * 1000 < server.options.clock.now().getTime()) {
    throw refusal(401, "Expired token!");
  }
  await verify(token, kid, server);

  const { authorizerConfiguration: authorizer, authenticationConfiguration } = server.security.current();
  const isBot = claims.get("isbot") === true;
  const named = emailOf(claims, server) ?? claimOf(claims, authenticationConfiguration.jwtPrincipalClaims);
  if (!isBot) requireDomain(named, authorizer);
  const [local = ""] = named.split("@");
  const name = features(server).userNames === "lower case" ? local.toLowerCase() : local;
  if (isBot && server.botTokens.of(name) !== token) {
    throw refusal(401, features(server).tokenRefusals.notTheBots);
  }
  return { name, email: named.includes("@") ? named : `${name}@${authorizer.principalDomain}` };
}

/** What `loggedInUser` demands in releases that compare the e-mail; all other calls go by the name. */
export function requireOwnUser({ name, email }: Principal, server: Server): void {
  if (features(server).ownUser === "by name") return;
  const user = liveUser(server.state, name);
  if (!user) throw refusal(404, "Cannot find user with provided name and email");
  if (user.email.toLowerCase() === email.toLowerCase()) return;
  throw refusal(400, "Account already exists. Please contact administrator.");
}

function decode(token: string, server: Server): { kid: string; claims: Claims } {
  try {
    const payload = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString()) as object;
    const claims = new Map(Object.entries(payload).map(([name, value]) => [name.toLowerCase(), value]));
    return { kid: decodeProtectedHeader(token).kid ?? "", claims };
  } catch {
    throw refusal(401, features(server).tokenRefusals.unreadable);
  }
}

async function verify(token: string, kid: string, server: Server): Promise<void> {
  const key = await server.signingKeys.find(kid);
  const { unknownKey, tokenRefusals } = features(server);
  if (!key) throw unknownKey === 500 ? failure(tokenRefusals.unknownKey) : refusal(401, tokenRefusals.unknownKey);
  try {
    await compactVerify(token, key, { algorithms: ["RS256"] });
  } catch {
    throw refusal(401, tokenRefusals.forged);
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
function claimOf(claims: Claims, candidates: readonly string[]): string {
  const present = candidates.find((claim) => claims.has(claim.toLowerCase()));
  if (!present) {
    const list = `[${candidates.join(", ")}]`;
    throw refusal(401, `Invalid JWT token, none of the following claims are present ${list}`);
  }
  return String(claims.get(present.toLowerCase()));
}

/** A bot may come from anywhere; the token of an app of Entra has no domain, so it cannot pass where one is enforced. */
function requireDomain(principal: string, authorizer: SecurityConfiguration["authorizerConfiguration"]): void {
  const { principalDomain, allowedDomains = [], enforcePrincipalDomain } = authorizer;
  const [, domain = ""] = principal.split("@");
  if (enforcePrincipalDomain && ![principalDomain, ...allowedDomains].includes(domain)) {
    throw refusal(401, `Not Authorized! Email does not match the principal domain ${principalDomain}`);
  }
}
