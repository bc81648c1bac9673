import { DAY, HOUR, MINUTE } from "../../shared/rotation/state.ts";
import { OVERLAP, POLICY, WRITES_LAND_WITHIN } from "./bounds.ts";
import type { PersonDeed } from "./move.ts";
import { asCurrent, asStaged, confirmed, emptyWorld, issued, START } from "./start.ts";
import type { Budget, World } from "./world.ts";

/** A world to start from, and what may happen in it. */
export interface Scenario {
  name: string;
  about: string;
  start: World;
  /** Credentials that the schedule itself calls for on the way. */
  needed: number;
  ask?: { revokeOld: boolean };
  person?: readonly PersonDeed[];
  skew?: number;
  splitReads?: boolean;
  mostRuns?: number;


}

/** Issued so long ago that it is due at the start. */
const DUE = (POLICY.lifetimeDays - POLICY.renewBeforeDays) * 24;
const old = issued("k1", DUE, DUE - 1);
const next = issued("k2", 1.5);

/** The old one is current, confirmed and due; its successor lies staged and proven. */
function due(left: Partial<Budget>): World {
  return {
    ...emptyWorld(left),
    credentials: [old, next],
    current: asCurrent(old, confirmed(old)),
    staged: asStaged(next),
    held: { keyId: "k1", excused: false },
  };
}


const older = issued("k0", 3 * DUE);

/** The old one was promoted a moment ago, is due as well (a long outage), and nobody has delivered it: k1 is held. */
function outstanding(left: Partial<Budget>): World {
  const first = issued("k1", DUE + 20, DUE + 19);
  const second = { ...issued("k2", DUE), promotions: 1 };
  const third = issued("k3", 1.5);
  return {
    ...emptyWorld(left),
    credentials: [first, second, third],
    current: { ...asCurrent(second), createdOn: START - 30 * MINUTE },
    staged: asStaged(third),
    held: { keyId: "k1", excused: false },
    event: true,
  };
}

/** The new one was delivered a minute ago; a push of the old one by a crashed run is still on its way. */
function delivered(left: Partial<Budget>): World {
  const promoted = { ...issued("k2", 1.2), promotions: 1, acknowledged: { on: START, again: false } };
  return {
    ...emptyWorld(left),
    credentials: [issued("k1", DUE, DUE - 1), promoted],
    current: { ...asCurrent(promoted, { deliveredOn: START }), createdOn: START - MINUTE },
    staged: asStaged(promoted),
    held: { keyId: "k2", excused: false },
    tally: { begun: 0, issued: 0, overlapped: false, faults: 1 },
    adrift: [
      {
        call: { kind: "push", keyId: "k1" },
        by: { beganOn: START - 2 * MINUTE, ask: undefined },
        until: START - 2 * MINUTE + WRITES_LAND_WITHIN,
        stale: false,
      },
    ],
  };
}

export const SCENARIOS: readonly Scenario[] = [
  {
    name: "first",
    about: "nothing exists; two timers and an event handler overlap, one crash",
    start: emptyWorld({ timers: 2, handlers: 1, crashes: 1 }),
    needed: 1,

  },
  {
    name: "due",
    about: "a proven successor is staged; two timers and a handler overlap, a crash, confirmation, retirement",
    start: due({ timers: 3, handlers: 1, crashes: 1 }),
    needed: 0,

  },
  {
    name: "outstanding",
    about: "the current secret was never delivered and is due: a push of it overlaps with the promotion of the next",
    start: outstanding({ timers: 3, handlers: 1, crashes: 1, minutes: 1 }),
    needed: 0,

  },
  {
    name: "late push",
    about: "an old push is on its way when the new secret is delivered; confirmation, retirement",
    start: delivered({ timers: 4, crashes: 1, minutes: 1 }),
    needed: 0,

  },
  {
    name: "leak",
    about: "a pipeline revokes what leaked while a timer rotates",
    start: due({ timers: 1, calls: 1, handlers: 1, minutes: 1 }),
    needed: 0,
    ask: { revokeOld: true },

  },
  {
    name: "asked",
    about: "a pipeline asks for a replacement while a timer rotates",
    start: due({ timers: 1, calls: 1, handlers: 1, minutes: 1 }),
    needed: 0,
    ask: { revokeOld: false },

  },
  {
    name: "missing",
    about: "the vault has lost the current secret, the consumer still holds it; two timers",
    start: { ...due({ timers: 3, handlers: 1, minutes: 1 }), current: undefined, staged: undefined },
    needed: 1,

  },
  {
    name: "person",
    about: "a person removes, disables or replaces the current secret while runs go on",
    start: due({ timers: 2, handlers: 1, person: 1, minutes: 1 }),
    needed: 0,
    person: ["removes the current credential", "disables the current version", "stores a secret by hand"],

  },
  {
    name: "stale",
    about: "Entra's list is out of date, new secrets are refused, removed ones still let in",
    start: emptyWorld({ timers: 3, stale: 2, refusals: 1, lingers: 1 }),
    needed: 1,

  },
  {
    name: "lost",
    about: "answers are lost; what was sent may be done later",
    start: due({ timers: 3, handlers: 1, lost: 2 }),
    needed: 0,

  },
];
export const unused = { DAY, older };
