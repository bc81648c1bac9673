import { MINUTE } from "../../shared/limits.ts";
import type { Deed } from "./move.ts";
import { crowded, delivered, due, fresh, longInUse, lost, outstanding, outstandingCrowded } from "./starting-worlds.ts";
import type { World } from "./world.ts";
import { emptyWorld } from "./world-parts.ts";

/** A world to start from, and what may happen in it. */
export interface Scenario {
  name: string;
  about: string;
  start: World;
  /** Credentials that the schedule itself calls for on the way. */
  needed: number;
  /** What calls by pipelines ask for. */
  ask?: { revokeOld: boolean };
  person?: readonly Deed[];
  /** Entra's clock is ahead of ours by so much. */
  skew?: number;
  /** An observation's three reads happen at different moments. */
  splitReads?: boolean;
  /** Timer runs that may pass after the last fault until the consumer is served, where two are not enough. */
  mostRunsToServed?: number;
  /** The same until nothing is left to do. */
  mostRunsToSteady?: number;
}

const LEAK = { ask: { revokeOld: true } };

/** What `npm run proof -- model` explores: budgets say how often each thing may happen on one way. */
export const SCENARIOS: readonly Scenario[] = [
  {
    name: "first",
    about: "nothing exists yet; a crash anywhere",
    start: emptyWorld({ timers: 2, handlers: 1, crashes: 1 }),
    needed: 1,
  },
  {
    name: "first-split",
    about: "nothing exists yet; the reads of an observation happen at different moments",
    start: emptyWorld({ timers: 2 }),
    needed: 1,
    splitReads: true,
  },
  {
    name: "due",
    about: "due, a proven successor staged; two crashes; up to confirmation and retirement",
    start: due({ timers: 4, handlers: 1, crashes: 2 }),
    needed: 0,
  },
  {
    name: "due-split",
    about: "due; the reads of an observation happen at different moments",
    start: due({ timers: 2, handlers: 1 }),
    needed: 0,
    splitReads: true,
  },
  {
    name: "events",
    about: "due; events come late, twice or never",
    start: due({ timers: 2, handlers: 3, minutes: 1 }),
    needed: 0,
  },
  {
    name: "outstanding",
    about: "the current secret was never delivered and is due: its push overlaps with the next promotion",
    start: outstanding({ timers: 3, handlers: 1, crashes: 1 }),
    needed: 0,
  },
  {
    name: "late-push",
    about: "a push of the old secret is on its way while the new one is delivered",
    start: delivered({ timers: 4, crashes: 1, minutes: 2 }),
    needed: 0,
  },
  {
    name: "missing",
    about: "the vault lost its secrets, the consumer holds one that works",
    start: lost({ timers: 2, handlers: 1 }),
    needed: 1,
  },
  {
    name: "asked",
    about: "a pipeline asks for a replacement while a timer rotates",
    start: due({ timers: 1, calls: 1, crashes: 1 }),
    needed: 0,
    ask: { revokeOld: false },
  },
  {
    name: "asked-first",
    about: "nothing exists yet; a pipeline asks for a replacement while a timer makes the first one",
    start: emptyWorld({ timers: 1, calls: 1, minutes: 1 }),
    needed: 1,
    ask: { revokeOld: false },
  },
  {
    name: "asked-twice",
    about: "a pipeline asks for a replacement, and repeats that before it is answered",
    start: due({ calls: 2, handlers: 1 }),
    needed: 0,
    ask: { revokeOld: false },
  },
  {
    name: "leak",
    about: "a leak while a timer rotates",
    start: due({ timers: 1, calls: 1, crashes: 1 }),
    needed: 0,
    ...LEAK,
  },
  {
    name: "leak-undelivered",
    about: "a leak while the current secret is being pushed",
    start: outstanding({ timers: 1, calls: 1, handlers: 1 }),
    needed: 0,
    ...LEAK,
  },
  {
    name: "asked-stale",
    about: "a pipeline asks for a replacement, and the messages about it come late, twice or never",
    start: due({ calls: 1, units: 2, timers: 1 }),
    // A message that comes after six hours finds a secret that nobody has proven, and gives it up.
    needed: 1,
    ask: { revokeOld: false },
  },
  {
    name: "leak-stale",
    about: "a leak, and the messages about it come late, twice or never; a crash",
    start: due({ calls: 1, units: 2, crashes: 1 }),
    needed: 0,
    ...LEAK,
  },
  {
    name: "leak-lingers",
    about: "a leak while a timer rotates; Entra lets in what was just removed",
    start: due({ timers: 1, calls: 1, lingers: 1 }),
    needed: 0,
    ...LEAK,
  },
  {
    name: "leak-slow-clock",
    about: "a leak reported twice; Entra's clock is ten minutes behind",
    start: due({ calls: 2 }),
    needed: 0,
    skew: -10 * MINUTE,
    ...LEAK,
  },
  {
    name: "leak-fast-clock",
    about: "a leak of what was issued five minutes ago; Entra's clock is ten minutes ahead",
    start: fresh({ calls: 2 }),
    needed: 0,
    skew: 10 * MINUTE,
    ...LEAK,
  },
  {
    name: "person",
    about: "a person removes, disables or replaces the current secret",
    start: due({ timers: 2, handlers: 1, person: 1 }),
    needed: 0,
    person: ["removes the current credential", "disables the current version", "stores a secret by hand"],
    mostRunsToServed: 4,
  },
  {
    name: "person-crowded",
    about: "five credentials live already when a person takes the current secret away",
    start: crowded({ timers: 2, person: 1, crashes: 1 }),
    needed: 0,
    person: ["removes the current credential", "disables the current version", "stores a secret by hand"],
    mostRunsToServed: 3,
  },
  {
    name: "person-tags",
    about: "somebody who may write tags points them at an older credential; nobody has signed in for a day",
    start: longInUse({ timers: 3, person: 1, crashes: 1 }),
    needed: 0,
    person: ["points the tags at an older credential", "removes the current credential"],
    mostRunsToServed: 4,
  },
  {
    name: "outstanding-crowded",
    about: "five credentials live, and the current one, which is due, was never delivered",
    start: outstandingCrowded({ timers: 4, handlers: 1, crashes: 1 }),
    needed: 1,
    // The overlap passes twice: before there is room for a successor, and before the current one goes.
    mostRunsToSteady: 10,
  },
  {
    name: "stale",
    about: "Entra's list is out of date, a new secret is refused, a removed one let in",
    start: emptyWorld({ timers: 3, stale: 2, refusals: 1, lingers: 1 }),
    needed: 1,
  },
  {
    name: "stale-due",
    about: "due; Entra's list is out of date, a removed secret let in",
    start: due({ timers: 4, stale: 2, lingers: 1, crashes: 1 }),
    needed: 0,
  },
  {
    name: "lost",
    about: "due; two answers are lost, and what was sent is done at once, later or never",
    start: due({ timers: 2, handlers: 1, lost: 2 }),
    needed: 0,
  },
  {
    name: "lost-first",
    about: "nothing exists yet; an answer is lost, and what was sent is done at once, later or never",
    start: emptyWorld({ timers: 2, lost: 1 }),
    needed: 1,
  },
];
