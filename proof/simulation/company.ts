import { DAY, HOUR, MINUTE } from "../../shared/limits.ts";
import type { LogEvent } from "../../shared/log.ts";
import type { Chance } from "./chance.ts";
import { type Disaster, disasters, isOwn } from "./disasters.ts";
import { moment, START } from "./journal.ts";
import type { Misfortunes } from "./misfortunes.ts";
import { removeUnused } from "./person.ts";
import { profile as drawProfile, type Profile, QUIET } from "./profile.ts";
import type { Run } from "./run.ts";
import { befall, comeAlong, type Stricken, schedule } from "./schedule.ts";
import { type RandomWeather, randomWeather } from "./weather.ts";
import type { Making, World } from "./world.ts";

/** One of the deployments of a year, with what it is like. */
interface Member {
  name: string;
  profile: Profile;
  misfortunes: Misfortunes;
}

const COMPANIONS = 2;
const TROUBLED_NEIGHBOURS = 2;
const QUIET_NEIGHBOURS = 1;

/** The deployments of a year: one; or several, each with troubles of its own; or some of them without any. */
export function company(profile: Profile, { seed, misfortunes }: { seed: number; misfortunes: Misfortunes }): Member[] {
  const first: Member = { name: "openmetadata", profile, misfortunes };
  const others = (count: number, from: number, make: (drawn: Profile) => Profile): Member[] =>
    Array.from({ length: count }, (_, index) => {
      const name = `openmetadata-${from + index}`;
      const own = misfortunes.of(name);
      return { name, profile: make(drawProfile(seed + from + index + 1, own.chance("profile"))), misfortunes: own };
    });
  const { policy, timerStops, events, instances } = profile;
  // The app has one policy, and the vault one kind of weather.
  const shared = { policy, timerStops, events, instances, readerCache: 0 };
  // Without a queue one run works for all of them: what kills or halts it is everybody's trouble.
  const own = profile.queue.down ? { death: 0, freeze: 0 } : {};
  const like = (drawn: Profile): Profile => ({ ...drawn, ...shared, ...own });
  switch (profile.company) {
    case "alone":
      return [first];
    case "together":
      return [first, ...others(COMPANIONS, 2, (drawn) => withLife(like(drawn)))];
    case "neighbours":
      return [
        first,
        ...others(TROUBLED_NEIGHBOURS - 1, 2, (drawn) => withLife(like(drawn))),
        ...others(QUIET_NEIGHBOURS, 8, () => ({ ...QUIET, policy, isPunctual: true })),
      ];
  }
}

/** A tenant's cap that was drawn for another policy says nothing here. */
function withLife(profile: Profile): Profile {
  return { ...profile, entra: { ...profile.entra, longestLife: undefined } };
}

/**
 * A year in which nothing fails that all deployments share, where some are to have no troubles; but for a queue that is
 * down from the beginning, for which the timer stands in.
 */
export function sheltered(profile: Profile): Profile {
  const { down = false } = profile.queue;
  return profile.company === "neighbours" ? { ...profile, queue: { ...QUIET.queue, down }, timerStops: 1 } : profile;
}

/** What befalls requests to the queue, as often as those of the first deployment. */
export function ofShared(profile: Profile): Profile {
  return profile.company === "neighbours" ? { ...profile, troubleOfWrites: 0, death: 0, freeze: 0 } : profile;
}

/** A deployment amid the weather that its profile brings. */
export function troubled(
  { name, profile, misfortunes }: Member,
  { index, isCalm, world }: { index: number; isCalm(): boolean; world(): World | undefined },
): { making: Making; weather: RandomWeather } {
  const weather = randomWeather(profile, {
    misfortunes,
    comesAlong(run, luck) {
      const one = world();
      one?.timeline.after(luck.between(0, 2 * MINUTE), () => comeAlong(one, luck, run));
    },
  });
  const fails = (pipeline: number): boolean => {
    const now = world()?.timeline.now();
    if (isCalm() || now === undefined) return false;
    if (pipeline < 2 && weather.lasts("a pipeline cannot be deployed")) return true;
    const what = `deployment of pipeline ${pipeline + 1} at ${moment(now)} fails`;
    return misfortunes.chance(what).happens(profile.failingDeployments) && misfortunes.befalls(what);
  };
  return { making: { name, index, profile, weather, fails }, weather };
}

/** Longer ones of several deployments could add up to more than any rotator survives. */
const SHORT = 3 * HOUR;

/** Lets the year happen to one of the deployments; answers its disasters. */
export function arrange(
  { fleet, world, weathers }: Stricken,
  { index, until, drawn, misfortunes }: { index: number; until: number; drawn: Chance; misfortunes: Misfortunes },
): Disaster[] {
  if (world.profile.isPunctual) return [];
  const first = index === 0;
  const own = first ? misfortunes : misfortunes.of(world.name);
  const luck = first ? drawn : own.chance("year");
  const isAlone = world.profile.company !== "neighbours" && first;
  const hit = disasters(world.profile, luck, { from: START, until })
    .filter(({ kind, from, until: end }) => first || (isOwn(kind) && end - from < SHORT))
    // Where others are to have no troubles, nothing that they share may fail.
    .filter(({ kind }) => isAlone || isOwn(kind))
    .filter(({ kind, from }) => own.befalls(`disaster of ${moment(from)}: ${kind}`));
  const mine = weathers[index];
  befall(
    { fleet, world, weathers: mine ? [mine] : [] },
    hit.filter(({ kind }) => isOwn(kind)),
  );
  befall(
    { fleet, world, weathers },
    hit.filter(({ kind }) => !isOwn(kind)),
  );
  schedule(world, { misfortunes: own, drawn: luck, until });
  return hit;
}

/** A person who reads the log and follows the hint of that failure, within a day. */
export function helper(worlds: () => readonly World[], misfortunes: Misfortunes): (run: Run, event: LogEvent) => void {
  const helped = new Map<string, number>();
  return ({ deployment }, event) => {
    // Only a person can mend that, who then removes unused credentials.
    if (!("code" in event) || event.code !== "too-many-credentials") return;
    for (const world of worlds()) {
      const now = world.timeline.now();
      if ((deployment !== undefined && deployment !== world.name) || now < (helped.get(world.name) ?? 0)) continue;
      helped.set(world.name, now + DAY);
      const luck = misfortunes.chance(`help at ${moment(now)}`);
      world.timeline.after(luck.between(HOUR, 18 * HOUR), () => removeUnused(world));
    }
  };
}
