import { DAY, HOUR, MINUTE } from "../../shared/limits.ts";
import type { Policy } from "../../shared/rotation/order.ts";
import type { Chance } from "./chance.ts";
import type { EntraHabits } from "./entra.ts";
import type { Misfortunes } from "./misfortunes.ts";
import type { QueueHabits } from "./queue.ts";

/** What kind of year a seed gives. Probabilities are for each request, event or run; durations milliseconds. */
export interface Profile {
  policy: Policy;
  entra: EntraHabits;
  /** Reads of Entra's list are at most so old. */
  listLag: number;
  troubleOfWrites: number;
  troubleOfReads: number;
  /** The process dies at a request. */
  death: number;
  /** The process stands still before a write, for minutes. */
  freeze: number;
  /** A request to OpenMetadata takes effect after its caller has given up. */
  late: number;
  /** Somebody else comes along just when a write has taken effect. */
  crowd: number;
  events: { lost: number; doubled: number; slow: number };
  /** A year. */
  asks: number;
  /** Share of the asks that are about a leak. */
  leaks: number;
  personActs: number;
  disasters: number;
  pipelines: number;
  /** So long the server works on each of them. */
  deploymentTakes: number;
  /** One of them cannot be deployed. */
  failingDeployments: number;
  /** OpenMetadata masks the bot's secret, so that nobody can compare it. */
  masks: boolean;
  /** Somebody put a secret into OpenMetadata by hand before the app came. */
  madeByHand: boolean;
  /** Ingestion that reads the vault looks again after at most so long. */
  readerCache: number;
  queue: QueueHabits;
  /** Processes of the app, among which the runs are spread. */
  instances: number;
  /** The timer stops for good after this share of the year; 1: never. */
  timerStops: number;
  /** What lives beside it: nobody, others as troubled as it is, or some that have no troubles of their own. */
  company: "alone" | "together" | "neighbours";
  /** Nothing befalls it: hour by hour it must be on time, whatever befalls the app and others. */
  isPunctual: boolean;
}

const POLICIES: readonly Policy[] = [
  { lifetimeDays: 90, renewBeforeDays: 30, overlapDays: 7, stageAheadHours: 24 },
  { lifetimeDays: 90, renewBeforeDays: 30, overlapDays: 7, stageAheadHours: 24 },
  { lifetimeDays: 60, renewBeforeDays: 40, overlapDays: 1, stageAheadHours: 12 },
  { lifetimeDays: 40, renewBeforeDays: 20, overlapDays: 0, stageAheadHours: 0 },
  { lifetimeDays: 21, renewBeforeDays: 10, overlapDays: 2, stageAheadHours: 6 },
  { lifetimeDays: 180, renewBeforeDays: 45, overlapDays: 14, stageAheadHours: 72 },
];

/** The first seed gives a quiet year; all others draw each nuisance by itself, so that most years lack some. */
export function profile(seed: number, chance: Chance): Profile {
  const one = <T>(...items: T[]): T => chance.pick(items);
  const drawn: Profile = {
    policy: chance.pick(POLICIES),
    entra: {
      ahead: one(
        [0, 0],
        [-30_000, 30_000],
        [-3 * MINUTE, 3 * MINUTE],
        [2 * MINUTE, 3 * MINUTE],
        [-3 * MINUTE, -2 * MINUTE],
      ),
      replication: one(5_000, MINUTE, 10 * MINUTE),
      forgetting: one(0, MINUTE, 10 * MINUTE),
      stillborn: one(0, 0, 0.05),
      longestLife: chance.happens(0.2) ? 0 : undefined,
      showsPolicies: chance.happens(0.7),
    },
    listLag: one(0, 30_000, 5 * MINUTE, 20 * MINUTE),
    troubleOfWrites: one(0, 0.05, 0.2, 0.35),
    troubleOfReads: one(0, 0.001, 0.02),
    death: one(0, 0.01, 0.05),
    freeze: one(0, 0, 0.05, 0.2),
    late: one(0, 0.05, 0.3),
    crowd: one(0, 0.1, 0.5),
    events: { lost: one(0, 0.1, 1), doubled: one(0, 0.3), slow: one(0, 0.2) },
    asks: one(0, 2, 12, 26),
    leaks: one(0, 0.3),
    personActs: one(0, 0, 4, 12),
    disasters: one(0, 6, 20),
    pipelines: one(0, 1, 4),
    failingDeployments: one(0, 0.05, 0.3),
    masks: chance.happens(0.2),
    madeByHand: chance.happens(0.7),
    readerCache: one(0, HOUR, DAY),
    ...drawQueue(chance),
    isPunctual: false,
  };
  if (drawn.entra.longestLife !== undefined) {
    const { renewBeforeDays, stageAheadHours, overlapDays } = drawn.policy;
    // A shorter one the app refuses: then it could never retire one before the next came.
    const interval = overlapDays * DAY + one(DAY, DAY, 10 * DAY);
    // Without the permission to read policies a lifetime above the cap is refused, whatever the app does.
    const known = drawn.entra.showsPolicies;
    drawn.entra.longestLife = known ? renewBeforeDays * DAY + stageAheadHours * HOUR + interval : undefined;
  }
  if (seed === 1) return { ...drawn, ...QUIET };
  // A reader may look again only a day later: then the overlap must be longer than that.
  return { ...drawn, readerCache: drawn.policy.overlapDays > 1 ? drawn.readerCache : 0 };
}

/** The app itself, and what lies between its runs. */
function drawQueue(
  chance: Chance,
): Pick<Profile, "queue" | "instances" | "timerStops" | "company" | "deploymentTakes"> {
  const one = <T>(...items: T[]): T => chance.pick(items);
  return {
    queue: {
      lost: one(0, 0.02, 0.3),
      doubled: one(0, 0.1),
      late: one(0, 0.1),
      stale: one(0, 0.02),
      replayed: one(0, 1),
    },
    instances: one(1, 2, 4),
    timerStops: one(1, 1, chance.between(0.1, 0.5)),
    company: one("alone", "alone", "alone", "alone", "together", "neighbours"),
    deploymentTakes: one(0, 0, 24_000),
  };
}

/** What makes a year unpleasant all the time can be left out as well, each by itself. */
export function withHabits(drawn: Profile, { befalls }: Misfortunes): Profile {
  const kept = <T extends object>(from: T, quiet: T, keys: readonly (keyof T & string)[]): T => {
    const differs = keys.filter((key) => JSON.stringify(from[key]) !== JSON.stringify(quiet[key]));
    const left = differs.filter((key) => !befalls(`habit: ${key} ${JSON.stringify(from[key])}`));
    return { ...from, ...Object.fromEntries(left.map((key) => [key, quiet[key]])) };
  };
  const entra = kept(drawn.entra, QUIET.entra, ["ahead", "replication", "forgetting", "longestLife", "showsPolicies"]);
  return {
    ...kept(drawn, QUIET, [
      "listLag",
      "masks",
      "pipelines",
      "deploymentTakes",
      "madeByHand",
      "readerCache",
      "instances",
      "timerStops",
      "company",
    ]),
    entra,
  };
}

/** A year, or a world, in which nothing goes wrong. */
export const QUIET: Profile = {
  policy: { lifetimeDays: 90, renewBeforeDays: 30, overlapDays: 7, stageAheadHours: 24 },
  entra: {
    ahead: [0, 0],
    replication: 20_000,
    forgetting: 0,
    stillborn: 0,
    longestLife: undefined,
    showsPolicies: true,
  },
  listLag: 0,
  troubleOfWrites: 0,
  troubleOfReads: 0,
  death: 0,
  freeze: 0,
  late: 0,
  crowd: 0,
  events: { lost: 0, doubled: 0, slow: 0 },
  asks: 0,
  leaks: 0,
  personActs: 0,
  disasters: 0,
  pipelines: 3,
  failingDeployments: 0,
  masks: false,
  madeByHand: true,
  readerCache: 0,
  deploymentTakes: 0,
  queue: { lost: 0, doubled: 0, late: 0, stale: 0, replayed: 0 },
  instances: 1,
  timerStops: 1,
  company: "alone",
  isPunctual: false,
};
