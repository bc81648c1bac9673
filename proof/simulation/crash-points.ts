import { HOUR, MINUTE } from "../../shared/limits.ts";
import { ask } from "./callers.ts";
import { chance } from "./chance.ts";
import { SCENARIOS, type Scenario } from "./crash-scenarios.ts";
import {
  CRASHES,
  type Crash,
  type CrashWeather,
  crashWeather,
  isPossible,
  type Sent,
  type Strike,
} from "./crash-weather.ts";
import type { Tamper } from "./deployed.ts";
import { type Fleet, fleet } from "./fleet.ts";
import { type Broken, START } from "./journal.ts";
import { overdue } from "./overdue.ts";
import { QUIET } from "./profile.ts";
import { OBJECT_ID } from "./token-endpoint.ts";
import type { World } from "./world.ts";

/** A request that, struck in one way, broke a promise. */
export interface BrokenPoint {
  scenario: string;
  call: number;
  request: string;
  crash: Crash;
  broken: Broken;
  history: string[];
}

export interface CrashReport {
  /** How many points were tried, by scenario. */
  points: Record<string, number>;
  broken: BrokenPoint[];
}

export interface CrashOptions {
  /** Told after each scenario. */
  progress?(line: string): void;
  tamper?: Tamper;
  /** Name of a scenario; all unless given. */
  only?: string;
  /** The one way in which requests are struck; in all unless given. */
  crash?: Crash | undefined;
  /** Ends with the first broken promise. */
  hasty?: boolean;
}

/** A secret is due after five days, not sixty: nothing happens in between, and each point plays that time. */
const POLICY = { lifetimeDays: 35, renewBeforeDays: 30, overlapDays: 1, stageAheadHours: 24 };

/**
 * Strikes every request of every scenario in every way that is possible, one at a time. Afterwards nothing goes wrong
 * any more: the timer runs every hour, two runs must bring what is due, and at the end everything must be at rest.
 */
export async function crashPoints({
  progress = () => {},
  tamper,
  only,
  crash: way,
  hasty = false,
}: CrashOptions = {}): Promise<CrashReport> {
  const report: CrashReport = { points: {}, broken: [] };
  for (const scenario of SCENARIOS) {
    if (only !== undefined && scenario.name !== only) continue;
    const course = await play(scenario, { tamper });
    if (course.broken) {
      report.broken.push({
        ...course.broken,
        scenario: scenario.name,
        call: -1,
        request: "none",
        crash: "dies before",
      });
    }
    if (hasty && course.broken) return report;
    let points = 0;
    for (const [call, request] of course.sent.entries()) {
      for (const crash of way ? [way] : CRASHES) {
        if (!isPossible(crash, request)) continue;
        points += 1;
        const { broken } = await play(scenario, { strike: { call, crash }, tamper });
        if (broken) report.broken.push({ ...broken, scenario: scenario.name, call, request: describe(request), crash });
        if (hasty && broken) return report;
      }
    }
    report.points[scenario.name] = points;
    progress(`${scenario.name}: ${course.sent.length} requests, ${points} points`);
  }
  return report;
}

interface Played {
  sent: readonly Sent[];
  broken: { broken: Broken; history: string[] } | undefined;
}

async function play(
  scenario: Scenario,
  { strike, tamper }: { strike?: Strike; tamper?: Tamper | undefined },
): Promise<Played> {
  let struckAt: number | undefined;
  const struck = (crash: Crash): void => {
    struckAt = world.timeline.now();
    if (crash === "overtaken") world.timeline.after(1, () => world.host.post(undefined, () => {}));
    if (crash === "an older push lands") landOlder(world);
    const revokeOld = crash === "overtaken by a leak";
    if (crash === "overtaken by an ask" || revokeOld)
      world.timeline.after(1, () => ask(world, chance(3), { revokeOld }));
  };
  const weather = crashWeather(strike, struck);
  const { replication = QUIET.entra.replication } = scenario;
  const profile = { ...QUIET, policy: POLICY, entra: { ...QUIET.entra, replication } };
  const deployments = [{ name: "openmetadata", index: 0, profile, weather, tamper }];
  const app = fleet({ seed: 1, start: START, profile, deployments, weather, isCalm: () => true });
  const { worlds, timeline, host, journal } = app;
  const [world] = worlds as [World];
  const from = await arrive(scenario, { app, world, weather });
  const until = scenario.until(world, from);

  const regular = scenario.timers(world, from);
  for (const time of regular) timeline.at(time, () => struckAt === undefined && host.timer());
  await app.run(from);
  scenario.begin(world, from);
  while (struckAt === undefined && timeline.now() < until && !journal.broken()) {
    await app.run(Math.min(until, timeline.now() + MINUTE));
  }
  if (struckAt !== undefined) await recover(scenario, { app, world, struckAt, until });
  else await app.run(until);
  const late = overdue(world);
  if (late) world.journal.breaks("convergence", late);
  const broken = world.journal.broken();
  return { sent: weather.sent, broken: broken && { broken, history: world.journal.lines() } };
}

/** The bot gets the secret that was current before: a push of it was on its way for long. */
function landOlder({ server, current, entra }: World): void {
  const older = current.versions.at(-2);
  const user = server.users.get(OBJECT_ID);
  const credential = entra.byKey(older?.tags?.keyId);
  if (!older || !user?.sso || !credential || !entra.lives(credential)) return;
  // Whoever confirms a delivery began when every such push was over.
  if (current.latest()?.tags?.confirmedOn) return;
  server.putUser(undefined, { ...user, sso: { ...user.sso, clientSecret: older.value } });
}

/** Plays what comes before: a whole first rotation, where the scenario begins later than that. */
async function arrive(
  scenario: Scenario,
  { app, world, weather }: { app: Fleet; world: World; weather: CrashWeather },
): Promise<number> {
  if (scenario.name.startsWith("a first rotation")) {
    await app.run(START + HOUR - 1);
  } else {
    for (const hour of [1, 2, 3]) app.timeline.at(START + hour * HOUR, () => app.host.timer());
    await app.run(START + 4 * HOUR - 1);
  }
  const from = scenario.from(world);
  await app.run(from - 1);
  weather.arm();
  return from;
}

async function recover(
  scenario: Scenario,
  { app, world, struckAt, until }: { app: Fleet; world: World; struckAt: number; until: number },
): Promise<void> {
  const { timeline, host, journal } = app;
  for (let time = struckAt + HOUR; time < until; time += HOUR) {
    timeline.at(time, () => [...host.alive].some(({ trigger }) => trigger === "timer") || host.timer());
  }
  await app.run(struckAt + 2 * HOUR + 15 * MINUTE);
  const missing = journal.broken() ? undefined : scenario.missing(world);
  if (missing) journal.breaks("convergence", `two runs later ${missing}`);
  else if (!journal.broken()) await app.run(until);
}

function describe({ service, action }: Sent): string {
  return `${service}: ${action}`;
}
