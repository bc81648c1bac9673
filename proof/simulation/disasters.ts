import { DAY, HOUR, MINUTE } from "../../shared/limits.ts";
import type { Chance } from "./chance.ts";
import type { Profile } from "./profile.ts";

/** What fails as a whole, for minutes to weeks. */
export type DisasterKind =
  | "OpenMetadata is down"
  | "OpenMetadata is slow"
  | "OpenMetadata ignores writes"
  | "a pipeline cannot be deployed"
  | "Graph is down"
  | "a policy forbids client secrets"
  | "the vault is down"
  | "the vault may not be written"
  | "Entra signs nobody in"
  | "storage is down"
  | "the app is down";

export interface Disaster {
  kind: DisasterKind;
  from: number;
  until: number;
}

const KINDS: readonly DisasterKind[] = [
  "OpenMetadata is down",
  "OpenMetadata is down",
  "OpenMetadata is slow",
  "OpenMetadata ignores writes",
  "a pipeline cannot be deployed",
  "Graph is down",
  "a policy forbids client secrets",
  "the vault is down",
  "the vault may not be written",
  "Entra signs nobody in",
  "storage is down",
  "the app is down",
];

/** Kinds that befall one deployment and not what it shares with others. */
export function isOwn(kind: DisasterKind): boolean {
  return kind.startsWith("OpenMetadata") || kind === "a pipeline cannot be deployed";
}

/**
 * The disasters of a year. A long one may take most of the time for which a secret that is due stays valid, and no
 * two long ones share such a time: against more no rotator could keep the consumer signing in.
 */
export function disasters(
  profile: Profile,
  chance: Chance,
  { from, until }: { from: number; until: number },
): Disaster[] {
  const found: Disaster[] = [];
  const { renewBeforeDays, stageAheadHours } = profile.policy;
  const longest = 0.7 * renewBeforeDays * DAY;
  let nextLong = from;
  const amount = Math.round((profile.disasters * (until - from)) / (365 * DAY));
  for (let made = 0; made < amount; made += 1) {
    const kind = pickKind(profile, chance);
    const at = chance.between(from, until);
    found.push({
      kind,
      from: at,
      until: Math.min(until, at + chance.between(MINUTE, chance.pick([20 * MINUTE, 3 * HOUR]))),
    });
  }
  while (profile.disasters > 0) {
    const at = nextLong + chance.between(0, 90 * DAY);
    const end = at + chance.between(6 * HOUR, Math.min(longest, 21 * DAY));
    if (end >= until) return found;
    const kind = pickKind(profile, chance);
    // Timer, queue and events stand in for each other: of the three one may fail for long, not two.
    const failsTwice = kind === "storage is down" && (profile.timerStops < 1 || profile.events.lost === 1);
    found.push({ kind: failsTwice ? "OpenMetadata is down" : kind, from: at, until: end });
    nextLong = end + renewBeforeDays * DAY + stageAheadHours * HOUR;
  }
  return found;
}

/**
 * Where the bot's secret is masked, a server that ignores it cannot be told from one that stored it: OpenMetadata
 * offers nothing else to look at. That pair is left out.
 */
function pickKind({ masks, pipelines }: Profile, chance: Chance): DisasterKind {
  const kind = chance.pick(KINDS);
  if (kind === "OpenMetadata ignores writes" && masks) return "OpenMetadata is down";
  if (kind === "a pipeline cannot be deployed" && pipelines === 0) return "OpenMetadata is down";
  return kind;
}
