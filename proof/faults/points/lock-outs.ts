import type { Blow } from "../../strikes/strike-write.ts";

/**
 * The points at which consumers of the bot's token are locked out until the next run, beyond the two minutes of the
 * server's cache. A bot has one token at a time, so that no order of steps can avoid them: the old one has ended, and
 * whoever would hand on the new one is dead, or is refused for longer than a run repeats its request.
 */
const UNAVOIDABLE: { blows: readonly Blow[]; write: RegExp }[] = [
  // Pipelines hold the old one until they are deployed.
  { blows: ["dies after"], write: /generateToken$/ },
  { blows: ["dies before", "dies after"], write: /^PUT .*-bot-token$/ },
  { blows: ["dies before", 429, 500, 503], write: /bulk\/deploy$/ },
  // After a leak the bot holds none until one is issued.
  { blows: ["dies after"], write: /revokeToken$/ },
  { blows: ["dies before", 429, 500, 503], write: /generateToken$/ },
];

export function mayLockOut(blow: Blow, write: string): boolean {
  return UNAVOIDABLE.some((point) => point.blows.includes(blow) && point.write.test(write));
}
