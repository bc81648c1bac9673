import { DAY, MINUTE } from "../../shared/limits.ts";
import type { Policy } from "../../shared/rotation/order.ts";
import { chance } from "./chance.ts";
import { comeToRest } from "./come-to-rest.ts";
import { arrange, company, helper, ofShared, sheltered, troubled } from "./company.ts";
import type { Tamper } from "./deployed.ts";
import type { Disaster } from "./disasters.ts";
import { type Fleet, fleet, watchOverThePunctual } from "./fleet.ts";
import { type Broken, START } from "./journal.ts";
import { misfortunesOf } from "./misfortunes.ts";
import { profile as drawProfile, type Profile, withHabits } from "./profile.ts";
import { wind } from "./schedule.ts";
import { type RandomWeather, randomWeather } from "./weather.ts";
import type { Making } from "./world.ts";

/** What a simulated year came to. */
export interface Report {
  seed: number;
  days: number;
  deployments: number;
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
  const profile = sheltered(withHabits({ ...drawProfile(seed, drawn), ...change }, misfortunes));
  const until = START + days * DAY;
  let isCalm = false;
  const weathers: RandomWeather[] = [];
  const made = company(profile, { seed, misfortunes }).map((member, index): Making => {
    const { making, weather } = troubled(member, { index, isCalm: () => isCalm, world: () => worlds.at(index) });
    weathers.push(weather);
    return { ...making, tamper };
  });
  const ofQueue = randomWeather(ofShared(profile), { misfortunes: misfortunes.of("queue") });
  weathers.push(ofQueue);
  const help = helper(() => worlds, misfortunes);
  const all = fleet({
    seed,
    start: START,
    profile,
    deployments: made,
    misfortunes,
    weather: ofQueue,
    isCalm: () => isCalm,
    logged: help,
  });
  const { worlds } = all;
  wind(all, profile.timerStops < 1 ? START + profile.timerStops * days * DAY : Number.POSITIVE_INFINITY);
  const hit = worlds.flatMap((world, index) =>
    arrange({ fleet: all, world, weathers }, { index, until, drawn, misfortunes }),
  );
  watchOverThePunctual(all);
  await all.run(until);

  isCalm = true;
  for (const weather of weathers) weather.clear();
  all.host.down = false;
  all.queue.down = false;
  for (const { server, entra } of worlds) {
    server.ignoresWrites = false;
    entra.forbids = false;
  }
  await comeToRest(all, until);
  return report(all, { seed, days, hit, misfortunes: misfortunes.happened });
}

function report(
  { journal, worlds }: Fleet,
  { hit, ...year }: Pick<Report, "seed" | "days" | "misfortunes"> & { hit: readonly Disaster[] },
): Report {
  const minutes = (since: number, end: number): number => Math.ceil((end - since) / MINUTE);
  const signIns = worlds.map(({ availability }) => availability.signIns(SIGN_IN_EVERY));
  return {
    ...year,
    policy: worlds[0]?.profile.policy as Policy,
    deployments: worlds.length,
    counts: journal.counts(),
    signIns: {
      made: signIns.reduce((sum, { made }) => sum + made, 0),
      refused: signIns.reduce((sum, { refused }) => sum + refused, 0),
    },
    outages: worlds
      .flatMap(({ availability }) => availability.outages)
      .flatMap(({ cause, holder, since, until }) => {
        if (until === undefined) return [];
        const disturbed = hit.some((one) => one.from < until && one.until > since);
        return [{ cause, reader: holder.kind === "reader", disturbed, minutes: minutes(since, until) }];
      }),
    broken: journal.broken(),
    history: journal.lines(),
  };
}
