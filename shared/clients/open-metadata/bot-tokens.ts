import { createHash } from "node:crypto";
import { decodeJwt, type JWTPayload } from "jose";
import * as z from "zod";
import { StalledError } from "../../errors.ts";
import type { ShownToken, Tokens } from "../../rotation/bot-token/ports.ts";
import { type OpenMetadataCalls, text } from "./calls.ts";

const mechanismSchema = z.object({
  authType: text,
  config: z.object({ JWTToken: text, JWTTokenExpiresAt: z.number().nullish() }).nullish(),
});

/** The tokens that an OpenMetadata server issues to its bots. */
export function botTokens(calls: OpenMetadataCalls): Tokens {
  return {
    held: (userId) => held(calls, userId),
    async generate(userId, lifetime) {
      await calls.call("issue a token for the bot", `/v1/users/generateToken/${userId}`, {
        method: "PUT",
        body: { JWTTokenExpiry: lifetime },
        answer: z.object({}),
      });
    },
    async revoke(userId) {
      await calls.call("revoke the bot's token", "/v1/users/revokeToken", {
        method: "PUT",
        body: { id: userId },
        answer: z.object({}),
      });
    },
  };
}

async function held({ find, hide }: OpenMetadataCalls, userId: string): Promise<ShownToken | undefined> {
  const action = "read the bot's authentication mechanism";
  const found = await find(action, `/v1/users/auth-mechanism/${userId}`, mechanismSchema);
  if (!found) return undefined;
  const { authType, config } = found;
  const none = { userId, keyId: undefined, token: undefined, issuedOn: undefined, expiresOn: undefined };
  if (authType !== "JWT") return none;
  if (!config) throw hidden(action);
  const { JWTToken: token, JWTTokenExpiresAt: expiry } = config;
  // Revoked; "null" is what some managers of secrets make of an empty one. What is no token (masked, or encrypted) must
  // not be taken for one.
  if (!token || token === "null") return none;
  const claims = claimsOf(token);
  if (!claims) throw hidden(action);
  hide(token);
  const { iat, exp } = claims;
  return {
    userId,
    keyId: createHash("sha256").update(token).digest("hex").slice(0, 32),
    token,
    issuedOn: iat === undefined ? undefined : new Date(iat * 1000),
    // The server refuses it by the token's own word.
    expiresOn: exp ? new Date(exp * 1000) : expiry ? new Date(expiry) : undefined,
  };
}

/** undefined for what is no token: a mask, something encrypted, a piece of one. */
function claimsOf(token: string): JWTPayload | undefined {
  try {
    return /^[\w-]+\.[\w-]+\.[\w-]+$/.test(token) ? decodeJwt(token) : undefined;
  } catch {
    return undefined;
  }
}

function hidden(action: string): StalledError {
  return new StalledError("openmetadata-forbidden", `Cannot ${action}: OpenMetadata hides the token from the app`, {
    hint: "Make the app's user an OpenMetadata administrator; openMetadata.access in GET /api/status says who that is",
  });
}
