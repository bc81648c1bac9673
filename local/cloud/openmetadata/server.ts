import type { Context } from "hono";
import type { BotTokens } from "./bot-token-cache.ts";
import type { CallerCache } from "./caller-cache.ts";
import type { Features } from "./features.ts";
import type { OpenMetadataOptions } from "./options.ts";
import type { OwnKeys } from "./own-keys.ts";
import { featuresOf } from "./releases.ts";
import type { Security } from "./security.ts";
import type { SigningKeys } from "./signing-keys.ts";
import type { State } from "./state.ts";

/** A running server: its settings, its database, its keys and what it remembers between requests. */
export interface Server {
  options: OpenMetadataOptions;
  state: State;
  security: Security;
  ownKeys: OwnKeys;
  signingKeys: SigningKeys;
  botTokens: BotTokens;
  callers: CallerCache;
}

/** What the server's release does. */
export function features(server: Server): Features {
  return featuresOf(server.options.release);
}

/** The server's own address as the client wrote it: links in answers begin with it. */
export function originOf(c: Context): string {
  return new URL(c.req.url).origin;
}
