import { DAY, HOUR, MINUTE } from "../../shared/limits.ts";
import type { Policy } from "../../shared/rotation/order.ts";
import { chance } from "./chance.ts";
import { comeToRest } from "./come-to-rest.ts";
import { type Disaster, disasters } from "./disasters.ts";
import type { Tamper } from "./invocations.ts";
import { type Broken, moment, START } from "./journal.ts";
import { misfortunesOf } from "./misfortunes.ts";
import { removeUnused } from "./person.ts";
import { profile as drawProfile, type Profile, withHabits } from "./profile.ts";
import { comeAlong, schedule } from "./schedule.ts";
import { randomWeather } from "./weather.ts";
import { world as createWorld, type World } from "./world.ts";

/** What a simulated year came to. */
export interface Report {
  seed: number;
  days: number;
  policy: Policy;
  /** Runs by trigger, troubles by service and kind, credentials, events, acts of people: what was counted, by name. */
  counts: Readonly<Record<string, number>>;
  signIns: { made: number; refused: number };
  /** Times during which somebody was locked out by what a person did, or asked for. */
  outages: Lockout[];
  broken: Broken | undefined;
  /** Whatever went wrong or came along, by name: what can be left out to find out what was decisive. */
  misfortunes: readonly string[];
  /** Everything that happened, a line each. */
  history: string[];
}

/** How long somebody could not sign in. */
export interface Lockout {
  cause: "person" | "revocation";
  /** Ingestion that reads the vault looks again only after a while. */
  reader: boolean;
  /** A disaster lasted at the same time. */
  disturbed: boolean;
  minutes: number;
}

export interface SimulationOptions {
  seed: number;
  /** Default: a year. A calm time in which everything must come to rest is added. */
  days?: number;
  /** Changes what the seed has drawn. */
  change?: Partial<Profile>;
  /** Changes what the app is given: a fault planted on purpose must be noticed. */
  tamper?: Tamper;
  /** Misfortunes that happen; all that the seed brings unless given. */
  only?: ReadonlySet<string>;
}

/** A consumer signs in so often. */
const SIGN_IN_EVERY = 10 * MINUTE;

/** Runs the app through a year of one seed's weather, holds it to its promises at every step, and then at rest. */
export async function simulate({ seed, days = 365, change = {}, tamper, only }: SimulationOptions): Promise<Report> {
  const drawn = chance(seed);
  const misfortunes = misfortunesOf(seed, only);
  const profile = withHabits({ ...drawProfile(seed, drawn), ...change }, misfortunes);
  const until = START + days * DAY;
  let calm = false;
  let helped = START;
  const weather = randomWeather(profile, {
    misfortunes,
    comesAlong: (run, luck) =>
      void world.timeline.after(luck.between(0, 2 * MINUTE), () => comeAlong(world, luck, run)),
  });
  const fails = (pipeline: number): boolean => {
    if (calm) return false;
    if (pipeline < 2 && weather.lasts("a pipeline cannot be deployed")) return true;
    const what = `deployment of pipeline ${pipeline + 1} at ${moment(world.timeline.now())} fails`;
    return misfortunes.chance(what).happens(profile.failingDeployments) && misfortunes.befalls(what);
  };
  const world: World = createWorld({
    seed,
    start: START,
    profile,
    misfortunes,
    weather,
    isCalm: () => calm,
    fails,
    tamper,
    logged(event) {
      // Only a person can mend that, who then removes unused credentials.
      if (!("code" in event) || event.code !== "too-many-credentials" || world.timeline.now() < helped) return;
      helped = world.timeline.now() + DAY;
      const luck = misfortunes.chance(`help at ${moment(world.timeline.now())}`);
      world.timeline.after(luck.between(HOUR, 18 * HOUR), () => removeUnused(world));
    },
  });
  const hit = disasters(profile, drawn, { from: START, until }).filter(({ kind, from }) =>
    misfortunes.befalls(`disaster of ${moment(from)}: ${kind}`),
  );
  schedule(world, { weather, misfortunes, drawn, until, hit });
  await world.run(until);

  calm = true;
  weather.clear();
  world.host.down = false;
  world.server.ignoresWrites = false;
  world.entra.forbids = false;
  await comeToRest(world, until);
  return report(world, { seed, days, hit, misfortunes: misfortunes.happened });
}

function report(
  { journal, availability, profile }: World,
  { hit, ...year }: Pick<Report, "seed" | "days" | "misfortunes"> & { hit: readonly Disaster[] },
): Report {
  const minutes = (since: number, end: number): number => Math.ceil((end - since) / MINUTE);
  return {
    ...year,
    policy: profile.policy,
    counts: journal.counts(),
    signIns: availability.signIns(SIGN_IN_EVERY),
    outages: availability.outages.flatMap(({ cause, holder, since, until }) => {
      if (until === undefined) return [];
      const disturbed = hit.some((one) => one.from < until && one.until > since);
      return [{ cause, reader: holder.kind === "reader", disturbed, minutes: minutes(since, until) }];
    }),
    broken: journal.broken(),
    history: journal.lines(),
  };
}
