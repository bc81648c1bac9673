import { createHash } from "node:crypto";
import { decodeJwt, type JWTPayload } from "jose";
import { z } from "zod";
import { StalledError } from "../../errors.ts";
import { flag, type OpenMetadataCalls, text } from "./calls.ts";

/** The token of a bot, as OpenMetadata shows it to an administrator. */
export interface BotToken {
  /** The user that the bot acts as. */
  userId: string;
  /** Tells tokens apart without telling them: the beginning of the token's SHA-256. Undefined where there is none. */
  keyId: string | undefined;
  token: string | undefined;
  /** By the server's clock, to the second. */
  issuedOn: Date | undefined;
  /** undefined: never. */
  expiresOn: Date | undefined;
}

/** How long a token lives, in days (OpenMetadata's schema `auth/jwtAuth.json`). */
export type TokenLifetime = "7" | "30" | "60" | "90";

export interface BotTokens {
  /** undefined where there is no such user. */
  held(userId: string): Promise<BotToken | undefined>;
  /** Takes the place of whatever the bot signed in with, Azure SSO included. */
  generate(userId: string, lifetime: TokenLifetime): Promise<void>;
  /** Ends the bot's token at once: unlike `generate` this empties the server's cache of tokens. */
  revoke(userId: string): Promise<void>;
  /** Names of the pipelines whose last execution is queued or running; one of over a day ago is taken for lost. */
  running(now: Date): Promise<string[]>;
}

const mechanismSchema = z.object({
  authType: text,
  config: z.object({ JWTToken: text, JWTTokenExpiresAt: z.number().nullish() }).nullish(),
});
const execution = z.object({ pipelineState: text, startDate: z.number().nullish(), timestamp: z.number().nullish() });
const pipelineList = z.object({
  data: z.array(
    z.object({
      name: z.string(),
      deployed: flag,
      // The last execution, or a list of them: releases differ.
      pipelineStatuses: z.union([execution, z.array(execution)]).nullish(),
    }),
  ),
  paging: z.object({ after: text }).nullish(),
});

const LOST_AFTER = 24 * 60 * 60 * 1000;

/** The tokens that an OpenMetadata server issues to its bots, and the pipelines that may be using them just now. */
export function botTokens({ call, find, hide }: OpenMetadataCalls): BotTokens {
  return {
    async held(userId) {
      const action = "read the bot's authentication mechanism";
      const found = await find(action, `/v1/users/auth-mechanism/${userId}`, mechanismSchema);
      if (!found) return undefined;
      const { authType, config } = found;
      const none = { userId, keyId: undefined, token: undefined, issuedOn: undefined, expiresOn: undefined };
      if (authType !== "JWT") return none;
      if (!config) throw hidden(action);
      const { JWTToken: token, JWTTokenExpiresAt: expiry } = config;
      // Revoked. What is no token (masked, or encrypted) must not be taken for one.
      if (!token) return none;
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
    },
    async generate(userId, lifetime) {
      await call("issue a token for the bot", `/v1/users/generateToken/${userId}`, {
        method: "PUT",
        body: { JWTTokenExpiry: lifetime },
        answer: z.object({}),
      });
    },
    async revoke(userId) {
      await call("revoke the bot's token", "/v1/users/revokeToken", {
        method: "PUT",
        body: { id: userId },
        answer: z.object({}),
      });
    },
    async running(now) {
      const names: string[] = [];
      let after: string | undefined;
      do {
        const page = after ? `&after=${encodeURIComponent(after)}` : "";
        const path = `/v1/services/ingestionPipelines?fields=pipelineStatuses&limit=100${page}`;
        const { data, paging } = await call("ask which pipelines run", path, { answer: pipelineList });
        for (const { name, deployed, pipelineStatuses } of data) {
          const executions = pipelineStatuses ? [pipelineStatuses].flat() : [];
          if (deployed && executions.some((one) => isRunning(one, now))) names.push(name);
        }
        after = paging?.after;
      } while (after);
      return names;
    },
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

function isRunning({ pipelineState, startDate, timestamp }: z.output<typeof execution>, now: Date): boolean {
  if (pipelineState !== "running" && pipelineState !== "queued") return false;
  const began = startDate ?? timestamp;
  return !began || now.getTime() - began < LOST_AFTER;
}

function hidden(action: string): StalledError {
  return new StalledError(
    `Cannot ${action}: OpenMetadata does not show the token`,
    "Make the app's user an administrator of OpenMetadata; GET /api/status says what it lacks",
  );
}
