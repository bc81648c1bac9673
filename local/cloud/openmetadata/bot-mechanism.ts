import type { z } from "zod";
import { masks, unmasked } from "./masking.ts";
import { type Mechanism, tokenOf } from "./mechanism.ts";
import { refusal } from "./refusal.ts";
import { readValue } from "./request-body.ts";
import { features, type Server } from "./server.ts";
import type { User } from "./state.ts";
import { type CreateUser, ssoConfig, tokenConfig } from "./user-requests.ts";

/**
 * The mechanism that a bot's user has after `PUT /v1/users`. The answer is 200 in every release, so it does not tell
 * what happened; and a secret is never tried out.
 *
 * | release keeps SSO | user holds | sent | then |
 * |---|---|---|---|
 * | yes | anything | SSO | what was sent |
 * | yes | token | token | the token held |
 * | yes | no token | token | a new token |
 * | no | token | anything, or nothing | the token held, in silence |
 * | no | no token | token | a new token |
 * | no | no token | SSO | 400 (unverified) |
 * | no | no token | nothing | 500 (unverified) |
 */
export function mechanismAfterPut(server: Server, request: CreateUser, stored: User | undefined): Mechanism {
  const held = stored?.mechanism;
  if (features(server).ssoForBots === "dropped" && held && tokenOf(held)) return held;

  const { authType, config } = completeMechanism(server, request);
  // The published schema does not tie config to authType; the server does, when it converts the one by the other.
  switch (authType) {
    case "BASIC":
      throw refusal(400, "Not supported authentication mechanism type: [BASIC]");
    case "JWT":
      if (held && tokenOf(held)) return held;
      return { authType, config: newToken(server, request, readValue(tokenConfig, config).JWTTokenExpiry) };
    case "SSO": {
      if (features(server).ssoForBots === "dropped") throw refusal(400, 'Unrecognized field "ssoServiceType"');
      const sent: Mechanism = { authType, config: readValue(ssoConfig, config) };
      return masks(server.options) ? unmasked(sent, held) : sent;
    }
    default:
      return authType satisfies never;
  }
}

function completeMechanism(server: Server, { name, authenticationMechanism: sent }: CreateUser) {
  if (!sent) {
    if (features(server).ssoForBots === "dropped") throw refusal(500, "An exception with message [null] was thrown");
    throw refusal(400, `Authentication mechanism is empty bot user: [${name}]`);
  }
  if (!sent.authType || !sent.config) {
    throw refusal(400, `Incomplete authentication mechanism parameters for bot user: [${name}]`);
  }
  return { authType: sent.authType, config: sent.config };
}

function newToken(server: Server, request: CreateUser, expiry: z.infer<typeof tokenConfig>["JWTTokenExpiry"]) {
  return server.ownKeys.issue({ ...request, roles: [] }, expiry, server.options.clock.now());
}
