import type { Caller } from "./caller.ts";
import type { OpenMetadataOptions } from "./options.ts";
import { notFound } from "./refusal.ts";
import { featuresOf } from "./releases.ts";
import { liveUser, type State } from "./state.ts";

/** What the server believes a caller may do. */
export interface CallerCache {
  /** The user of that name; throws the 404 with which OpenMetadata answers to a good token of an unknown user. */
  find(userName: string): Caller;
  forget(): void;
}

/** Remembers callers for as long as the release does: a user who was just made an administrator may have to wait. */
export function createCallerCache(options: OpenMetadataOptions, state: State): CallerCache {
  const known = new Map<string, { caller: Caller; until: number }>();
  return {
    find(userName) {
      const now = options.clock.now().getTime();
      const cached = known.get(userName);
      if (cached && cached.until > now) return cached.caller;
      const user = liveUser(state, userName);
      if (!user) throw notFound("user", userName);
      const caller = { name: user.name, isAdmin: user.isAdmin, isBot: user.isBot };
      const until = now + featuresOf(options.release).callerCacheSeconds * 1000;
      known.set(userName, { caller, until });
      return caller;
    },
    forget: () => known.clear(),
  };
}
