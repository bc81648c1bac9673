import { DAY, HOUR, MINUTE } from "../../shared/limits.ts";
import type { Policy } from "../../shared/rotation/order.ts";
import { ask, converge } from "./callers.ts";
import { overdue, TWO_RUNS } from "./calm.ts";
import { type Chance, chance } from "./chance.ts";
import { type Disaster, type DisasterKind, disasters } from "./disasters.ts";
import type { Tamper } from "./host.ts";
import { type Broken, START } from "./journal.ts";
import { actOfAPerson, removeUnused } from "./person.ts";
import { profile as drawProfile, type Profile } from "./profile.ts";
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
}

/** A consumer signs in so often. */
const SIGN_IN_EVERY = 10 * MINUTE;

/** Runs the app through a year of one seed's weather, holds it to its promises at every step, and then at rest. */
export async function simulate({ seed, days = 365, change = {}, tamper }: SimulationOptions): Promise<Report> {
  const drawn = chance(seed);
  const profile = { ...drawProfile(seed, drawn), ...change };
  const until = START + days * DAY;
  let calm = false;
  let weather: RandomWeather | undefined;
  let helped = START;

  const written = (run: Run): void =>
    void timelineOf().after(drawn.between(0, 2 * MINUTE), () => comeAlong(simulated, drawn, run));
  const timelineOf = () => simulated.timeline;
  const simulated: World = createWorld({
    seed,
    start: START,
    profile,
    weather: (with_) => {
      weather = randomWeather(profile, { chance: with_.chance, written });
      return weather;
    },
    isCalm: () => calm,
    fails: (index) =>
      !calm &&
      ((index < 2 && weather?.lasts("a pipeline cannot be deployed")) || drawn.happens(profile.failingDeployments)),
    tamper,
    logged(line) {
      if (!line.includes("managed credentials exist already") || simulated.timeline.now() < helped) return;
      helped = simulated.timeline.now() + DAY;
      simulated.timeline.after(drawn.between(HOUR, 18 * HOUR), () => removeUnused(simulated));
    },
  });
  if (!weather) throw new Error("Cannot simulate without weather");
  const hit = disasters(profile, drawn, { from: START, until });
  schedule(simulated, { weather, chance: drawn, until, hit });
  await simulated.run(until);

  calm = true;
  weather.clear();
  simulated.host.down = false;
  simulated.server.ignoresWrites = false;
  simulated.entra.forbids = false;
  await comeToRest(simulated, until);
  return report(simulated, { seed, days, hit });
}

/** A request is answered so; the timer writes it to its log and fails with one error for all credentials. */
/** The hourly timer, pipelines, people and disasters. */
function schedule(
  world: World,
  { weather, chance, until, hit }: { weather: RandomWeather; chance: Chance; until: number; hit: readonly Disaster[] },
): void {
  const { timeline, profile, host } = world;
  const hourly = (): void => {
    if (!host.down && ![...host.alive].some(({ trigger }) => trigger === "timer")) host.timer();
    timeline.after(HOUR, hourly);
  };
  timeline.at(START + HOUR, hourly);
  const some = (perYear: number, act: () => void): void => {
    const amount = Math.round((perYear * (until - START)) / (365 * DAY));
    for (let made = 0; made < amount; made += 1) timeline.at(chance.between(START, until), act);
  };
  some(52, () => converge(world, chance));
  some(26, () => host.down || host.preview(() => {}));
  some(profile.asks, () => {
    ask(world, chance, { revokeOld: chance.happens(profile.leaks) });
    // Where one asks, another often does so too.
    if (chance.happens(0.4))
      timeline.after(chance.between(0, 30 * MINUTE), () =>
        ask(world, chance, { revokeOld: chance.happens(profile.leaks) }),
      );
  });
  some(profile.personActs, () => actOfAPerson(world, chance));
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
    if (late) journal.breaks("I8 convergence", late);
    if (timeline.now() < rest - DAY) writes = journal.counts().writes ?? 0;
  }
  const last = (journal.counts().writes ?? 0) - writes;
  if (last > MOST_WRITES) journal.breaks("I10 bounded writes", `${last} writes on a day on which nothing happens`);
  if (host.alive.size > 4) journal.breaks("I8 convergence", `${host.alive.size} runs have not ended`);
}

/** A rotation takes a dozen; without one there is nothing to write. */
const MOST_WRITES = 20;

function report(
  { journal, availability, profile }: World,
  { seed, days, hit }: { seed: number; days: number; hit: readonly Disaster[] },
): Report {
  const minutes = (since: number, end: number): number => Math.ceil((end - since) / MINUTE);
  return {
    seed,
    days,
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
