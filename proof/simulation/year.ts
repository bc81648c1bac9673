import { DAY, HOUR, MINUTE } from "../../shared/limits.ts";
import type { Policy } from "../../shared/rotation/order.ts";
import { ask, converge } from "./callers.ts";
import { type Chance, chance } from "./chance.ts";
import { type Disaster, type DisasterKind, disasters } from "./disasters.ts";
import type { Tamper } from "./invocations.ts";
import { type Broken, moment, START } from "./journal.ts";
import { type Misfortunes, misfortunesOf } from "./misfortunes.ts";
import { overdue, TWO_RUNS } from "./overdue.ts";
import { actOfAPerson, removeUnused } from "./person.ts";
import { profile as drawProfile, type Profile, withHabits } from "./profile.ts";
import type { Run } from "./run.ts";
import { type RandomWeather, randomWeather } from "./weather.ts";
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
    logged(line) {
      if (!line.includes("managed credentials exist already") || world.timeline.now() < helped) return;
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

interface Plan {
  weather: RandomWeather;
  misfortunes: Misfortunes;
  drawn: Chance;
  until: number;
  hit: readonly Disaster[];
}

/** The hourly timer, pipelines, people and disasters. */
function schedule(world: World, { weather, misfortunes, drawn, until, hit }: Plan): void {
  const { timeline, profile, host } = world;
  const hourly = (): void => {
    if (!host.down && ![...host.alive].some(({ trigger }) => trigger === "timer")) host.timer();
    timeline.after(HOUR, hourly);
  };
  timeline.at(START + HOUR, hourly);
  const at = (time: number, what: string, act: (luck: Chance) => void): void => {
    const name = `${what} at ${moment(time)}`;
    timeline.at(time, () => misfortunes.befalls(name) && act(misfortunes.chance(name)));
  };
  const some = (perYear: number, what: string, act: (luck: Chance, time: number) => void): void => {
    const amount = Math.round((perYear * (until - START)) / (365 * DAY));
    for (let made = 0; made < amount; made += 1) {
      const time = drawn.between(START, until);
      at(time, what, (luck) => act(luck, time));
    }
  };
  const ofLeak = (luck: Chance) => ({ revokeOld: luck.happens(profile.leaks) });
  some(52, "a pipeline calls", (luck) => converge(world, luck));
  some(26, "a preview", () => host.down || host.preview(() => {}));
  some(profile.asks, "a pipeline asks", (luck, time) => {
    ask(world, luck, ofLeak(luck));
    // Where one asks, another often does so too.
    const later = time + luck.between(0, 30 * MINUTE);
    if (luck.happens(0.4)) at(later, "another pipeline asks", (other) => ask(world, other, ofLeak(other)));
  });
  some(profile.personActs, "a person acts", (luck) => actOfAPerson(world, luck));
  for (const { kind, from, until: end } of hit) {
    timeline.at(from, () => strike(world, weather, { kind, begins: true }));
    timeline.at(end, () => strike(world, weather, { kind, begins: false }));
  }
}

function strike(world: World, weather: RandomWeather, { kind, begins }: { kind: DisasterKind; begins: boolean }): void {
  const { host, server, journal, entra } = world;
  if (begins) weather.begin(kind);
  else weather.end(kind);
  journal.note("disaster", `${kind}: ${begins ? "begins" : "ends"}`);
  if (begins) journal.count(`disaster: ${kind}`);
  entra.forbids = weather.lasts("a policy forbids client secrets");
  server.ignoresWrites = weather.lasts("OpenMetadata ignores writes");
  host.down = weather.lasts("the app is down");
  if (host.down) host.stop();
}

/** Somebody else comes along just when a run has written something. */
function comeAlong(world: World, chance: Chance, run: Run): void {
  const { host, journal } = world;
  if (host.down || host.alive.size > 4) return;
  journal.count("overlapping runs begun on purpose");
  journal.note("crowd", `another run begins beside ${run.name}`);
  const kind = chance.pick(["post", "post", "expiry", "push", "ask"] as const);
  if (kind === "post") host.post(undefined, () => {});
  else if (kind === "expiry") host.expiryEvent(() => {});
  else if (kind === "push") host.pushEvent(() => {});
  else if (world.profile.asks > 0 && world.asked() + 2 * HOUR < world.timeline.now())
    ask(world, chance, { revokeOld: false });
}

/** With all faults over, two runs bring what is due, and after the overlap nothing is left that is not needed. */
async function comeToRest(world: World, from: number): Promise<void> {
  const { journal, profile, host, timeline } = world;
  const rest = from + (profile.policy.overlapDays + 3) * DAY;
  // A person may have to help first; young credentials are not given up before their grace is over.
  const patience = from + 30 * HOUR;
  let writes = 0;
  for (let hour = from + HOUR / 2; hour < rest && !journal.broken(); hour += HOUR) {
    await world.run(hour);
    const late = timeline.now() > patience + TWO_RUNS ? overdue(world) : undefined;
    if (late) journal.breaks("convergence", late);
    if (timeline.now() < rest - DAY) writes = journal.counts().writes ?? 0;
  }
  const last = (journal.counts().writes ?? 0) - writes;
  if (last > MOST_WRITES) journal.breaks("bounded writes", `${last} writes on a day on which nothing happens`);
  if (host.alive.size > 4) journal.breaks("convergence", `${host.alive.size} runs have not ended`);
}

/** A rotation takes a dozen; without one there is nothing to write. */
const MOST_WRITES = 20;

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
