import { DAY, HOUR, MINUTE } from "../../shared/limits.ts";
import { ask, converge } from "./callers.ts";
import { chance } from "./chance.ts";
import { START } from "./journal.ts";
import { isGood, stageAt, usableStaged } from "./truth.ts";
import type { World } from "./world.ts";

/** A course of events whose every request is struck once. Times in milliseconds since the world began. */
export interface Scenario {
  name: string;
  /** So long it may take until a new secret works everywhere; a few seconds unless given. */
  replication?: number;
  /** Before that nothing is struck. */
  from(world: World): number;
  /** What else than the timer sets runs in motion, at `from`. */
  begin(world: World, from: number): void;
  /** When the timer runs as long as nothing was struck; afterwards it runs every hour. */
  timers(world: World, from: number): number[];
  until(world: World, from: number): number;
  /** What is missing two runs after the strike. */
  missing(world: World): string | undefined;
}

/** Who looks when no run does. */
const NOBODY = { name: "", deployment: undefined, instance: 0, beganAt: 0, ask: undefined, issued: 0 };
const FIRST = START + HOUR;
/** The first rotation, its delivery and confirmation are over. */
const SETTLED = START + 4 * HOUR;

const STAGED: Scenario = {
  name: "staged ahead, promoted when due, the old one retired",
  from: (world) => stage(world),
  begin() {},
  timers(world, from) {
    const due = from + world.profile.policy.stageAheadHours * HOUR;
    return [from + MINUTE, due + MINUTE, due + HOUR + MINUTE, due + overlap(world) + HOUR + 2 * MINUTE];
  },
  until: (world, from) => from + world.profile.policy.stageAheadHours * HOUR + overlap(world) + 8 * HOUR,
  missing(world) {
    const { lifetimeDays, renewBeforeDays } = world.profile.policy;
    const due = START + (lifetimeDays - renewBeforeDays) * DAY + HOUR;
    if (world.timeline.now() > due + 2 * HOUR) return undelivered(world) ?? unchanged(world);
    const run = { ...NOBODY, trigger: "preview", state: "ended" } as const;
    if (world.current.versions.length > 1) return undelivered(world);
    return usableStaged(truthOf(world), run)?.tags?.provenOn ? undefined : "nothing proven is staged";
  },
};

export const SCENARIOS: readonly Scenario[] = [
  {
    name: "a first rotation, by the timer",
    from: () => FIRST,
    begin() {},
    timers: () => [FIRST + 1, FIRST + HOUR],
    until: (world) => FIRST + overlap(world) + 8 * HOUR,
    missing: undelivered,
  },
  {
    name: "a first rotation, by a pipeline",
    from: () => FIRST,
    begin: (world) => converge(world, chance(1)),
    timers: () => [FIRST + HOUR],
    until: (world) => FIRST + overlap(world) + 8 * HOUR,
    missing: undelivered,
  },
  STAGED,
  { ...STAGED, name: `${STAGED.name}, with new secrets that work only after a while`, replication: 10 * MINUTE },
  {
    name: "an emergency that revokes the old one",
    from: () => SETTLED,
    begin: (world) => ask(world, chance(2), { revokeOld: true }),
    timers: (_world, from) => [from + HOUR],
    until: (world, from) => from + overlap(world) + 8 * HOUR,
    missing(world) {
      const leaked = world.entra.all.find(({ managed }) => managed);
      return (
        undelivered(world) ??
        unchanged(world) ??
        (leaked && world.entra.lives(leaked) ? "the leaked one is not revoked" : undefined)
      );
    },
  },
];

function truthOf({ timeline, profile, entra, current, staged }: World) {
  return { now: timeline.now, policy: profile.policy, entra, current, staged };
}

function overlap({ profile }: World): number {
  return profile.policy.overlapDays * DAY;
}

function stage(world: World): number {
  const current = world.current.latest();
  return current ? stageAt(truthOf(world), current) : FIRST;
}

function undelivered(world: World): string | undefined {
  const current = world.current.latest();
  if (!isGood(truthOf(world), current)) return "there is no good current secret";
  if (!current.tags?.deliveredOn) return "the current secret is not delivered";
  const without = world.server.holders().find(({ value }) => value !== current.value);
  return without && `${without.name} does not hold the current secret`;
}

function unchanged({ current }: World): string | undefined {
  return current.latest()?.value === current.versions[0]?.value ? "the secret was not replaced" : undefined;
}
