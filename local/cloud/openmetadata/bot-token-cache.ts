import { tokenOf } from "./mechanism.ts";
import type { OpenMetadataOptions } from "./options.ts";
import { featuresOf } from "./releases.ts";
import { liveUser, type State } from "./state.ts";

/** What the server believes to be the token of each bot. */
export interface BotTokens {
  /** The token that a caller in the bot's name must show; `undefined` if there is none. */
  of(userName: string): string | undefined;
  forget(userName?: string): void;
}

/**
 * Keeps each token for some time (two minutes in the releases known) and is not told when a new one is generated:
 * until then the new token is refused and the old one still works. Only revoking a token clears it at once. A bot
 * without a token is looked up afresh every time.
 */
export function createBotTokens(options: OpenMetadataOptions, state: State): BotTokens {
  const known = new Map<string, { token: string; until: number }>();
  return {
    of(userName) {
      const now = options.clock.now().getTime();
      const cached = known.get(userName);
      if (cached && cached.until > now) return cached.token;
      const token = tokenOf(liveUser(state, userName)?.mechanism);
      const until = now + featuresOf(options.release).botTokenCacheSeconds * 1000;
      if (token) known.set(userName, { token, until });
      else known.delete(userName);
      return token;
    },
    forget(userName) {
      if (userName === undefined) known.clear();
      else known.delete(userName);
    },
  };
}
