import type { Strike } from "./strike.ts";

/**
 * The points at which consumers of the bot's token are locked out until the next run, beyond the two minutes of the
 * server's cache. A bot has one token at a time, so that no order of steps can avoid them: the old one has ended, and
 * whoever would hand on the new one is dead, or is refused for longer than a run repeats its request.
 */
const UNAVOIDABLE: { strikes: readonly Strike[]; write: RegExp }[] = [
  // Pipelines hold the old one until they are deployed.
  { strikes: ["dies after"], write: /generateToken$/ },
  { strikes: ["dies before", "dies after"], write: /^PUT .*-bot-token$/ },
  { strikes: ["dies before", 429, 500, 503], write: /bulk\/deploy$/ },
  // After a leak the bot holds none until one is issued.
  { strikes: ["dies after"], write: /revokeToken$/ },
  { strikes: ["dies before", 429, 500, 503], write: /generateToken$/ },
];

export function mayLockOut(strike: Strike, write: string): boolean {
  return UNAVOIDABLE.some((point) => point.strikes.includes(strike) && point.write.test(write));
}
