import type { z } from "zod";
import { masks, unmasked } from "./masking.ts";
import { type Mechanism, tokenOf } from "./mechanism.ts";
import { failure, type Refusal, refusal } from "./refusal.ts";
import { readValue } from "./request-body.ts";
import { features, type Server } from "./server.ts";
import type { User } from "./state.ts";
import { azureConfig, type CreateUser, ssoService, tokenConfig } from "./user-requests.ts";

/**
 * The mechanism that a bot's user has after `PUT /v1/users`. The answer is 200 in every release, so it does not tell
 * what happened; and a secret is never tried out.
 *
 * | release stores SSO | user holds | sent | then |
 * |---|---|---|---|
 * | yes, though only up to 1.2 it is of use | anything | SSO | what was sent: a token is gone |
 * | yes | token | token | the token held |
 * | yes | no token | token | a new token |
 * | no | token | anything, or nothing | the token held, in silence |
 * | no | no token | token | a new token |
 * | no | no token | SSO | 400 |
 * | no | no token | nothing | 500 |
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
      const sent: Mechanism = { authType, config: readSso(config) };
      return masks(server.options) ? unmasked(sent, held) : sent;
    }
    default:
      return authType satisfies never;
  }
}

function completeMechanism(server: Server, { name, authenticationMechanism: sent }: CreateUser) {
  if (!sent) {
    if (features(server).ssoForBots === "dropped") throw nullPointer("AuthenticationMechanism.getConfig()");
    throw refusal(400, `Authentication mechanism is empty bot user: [${name}]`);
  }
  if (sent.authType === "SSO" && !sent.config) throw nullPointer("SSOAuthMechanism.getAuthConfig()");
  if (!sent.authType || !sent.config) {
    throw refusal(400, `Incomplete authentication mechanism parameters for bot user: [${name}]`);
  }
  return { authType: sent.authType, config: sent.config };
}

function nullPointer(method: string): Refusal {
  return failure(`Cannot invoke "${method}" because it is null`);
}

/** Keys that are missing are forgiven, and no scopes are an empty list; one too many cannot be converted. */
function readSso(config: object): Extract<Mechanism, { authType: "SSO" }>["config"] {
  const { authConfig, ...rest } = readValue(ssoService, config);
  const known = azureConfig.safeParse(authConfig ?? {});
  if (!known.success) throw refusal(400, "Cannot convert [LinkedHashMap] due to missing converter implementation.");
  return { ...rest, authConfig: { ...known.data, scopes: known.data.scopes ?? [] } };
}

function newToken(server: Server, request: CreateUser, expiry: z.infer<typeof tokenConfig>["JWTTokenExpiry"]) {
  return server.ownKeys.issue({ ...request, roles: [] }, expiry, server.options.clock.now());
}
