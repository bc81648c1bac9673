import { HOUR, MINUTE } from "../../shared/limits.ts";
import { POLICY, WRITES_LAND_WITHIN } from "./bounds.ts";
import type { Budget, World } from "./world.ts";
import { asCurrent, asStaged, confirmed, emptyWorld, issued, START, unchecked } from "./world-parts.ts";

/** Issued so many hours before the start, it is due at the start. */
const DUE = (POLICY.lifetimeDays - POLICY.renewBeforeDays) * 24;

const old = issued("k1", DUE, { acknowledgedHoursAgo: DUE - 1 });

/** The old one is current, confirmed and due; its successor lies staged and proven. */
export function due(left: Partial<Budget>): World {
  const next = issued("k2", 1.5);
  return {
    ...emptyWorld(left),
    credentials: [old, next],
    current: asCurrent(old, confirmed(old)),
    staged: asStaged(next),
    held: { keyId: "k1", excuse: undefined },
  };
}

/** In use for long, its predecessor not yet retired; nobody has signed in for a day. */
export function longInUse(left: Partial<Budget>): World {
  const before = issued("k1", 50, { acknowledgedHoursAgo: 49 });
  const inUse = issued("k2", 30, { acknowledgedHoursAgo: 29 });
  return {
    ...emptyWorld(left),
    credentials: [before, inUse],
    current: unchecked(inUse, confirmed(inUse)),
    staged: asStaged(inUse),
    held: { keyId: "k2", excuse: undefined },
  };
}

/** The vault has lost both secrets. */
export function lost(left: Partial<Budget>): World {
  return { ...due(left), current: undefined, staged: undefined };
}

/** The current one was never delivered, and is due already; the consumer holds its predecessor. */
export function outstanding(left: Partial<Budget>): World {
  const held = issued("k1", DUE + 20, { acknowledgedHoursAgo: DUE + 19 });
  const current = { ...issued("k2", DUE), promotions: 1 };
  const next = issued("k3", 1.5);
  return {
    ...emptyWorld(left),
    credentials: [held, current, next],
    current: { ...asCurrent(current), createdOn: START - 30 * MINUTE },
    staged: asStaged(next),
    held: { keyId: "k1", excuse: undefined },
    event: true,
  };
}

/** The new one was delivered at the start; a push of the old one, by a run that has crashed, is still on its way. */
export function delivered(left: Partial<Budget>): World {
  const promoted = { ...issued("k2", 1.5), promotions: 1, acknowledged: { on: START, again: false } };
  const beganOn = START - 2 * MINUTE;
  return {
    ...emptyWorld(left),
    credentials: [old, promoted],
    current: { ...asCurrent(promoted, { deliveredOn: START }), createdOn: START - MINUTE },
    staged: asStaged(promoted),
    held: { keyId: "k2", excuse: undefined },
    tally: { begun: 0, issued: 0, overlapped: false, faults: 1 },
    adrift: [
      {
        call: { kind: "push", keyId: "k1" },
        by: { beganOn, ask: undefined },
        until: beganOn + WRITES_LAND_WITHIN,
        excuse: undefined,
      },
    ],
  };
}

/** Five live: four that nobody accounts for, and the current one, delivered an hour ago, so that none may go yet. */
export function crowded(left: Partial<Budget>): World {
  const orphans = ["k1", "k2", "k3", "k4"].map((keyId) => ({ ...issued(keyId, 3), stored: false, proven: false }));
  const current = issued("k5", 1.5, { acknowledgedHoursAgo: 1 });
  return {
    ...emptyWorld(left),
    credentials: [...orphans, current],
    current: asCurrent(current, { deliveredOn: START - HOUR }),
    staged: asStaged(current),
    held: { keyId: "k5", excuse: undefined },
    tally: { begun: 0, issued: 0, overlapped: false, faults: orphans.length },
  };
}

/** Five live, three of which nobody accounts for; the current one is due and was never delivered. */
export function outstandingCrowded(left: Partial<Budget>): World {
  const held = issued("k1", DUE + 20, { acknowledgedHoursAgo: DUE + 19 });
  const orphans = ["k2", "k3", "k4"].map((keyId) => ({ ...issued(keyId, DUE + 2), stored: false, proven: false }));
  const current = { ...issued("k5", DUE), promotions: 1 };
  return {
    ...emptyWorld(left),
    credentials: [held, ...orphans, current],
    current: { ...asCurrent(current), createdOn: START - 30 * MINUTE },
    staged: asStaged(current),
    held: { keyId: "k1", excuse: undefined },
    tally: { begun: 0, issued: 0, overlapped: false, faults: orphans.length },
  };
}

/** The first one was issued and delivered five minutes ago. */
export function fresh(left: Partial<Budget>): World {
  const young = issued("k1", 5 / 60, { acknowledgedHoursAgo: 3 / 60 });
  const only = { ...young, acknowledged: { on: START - 3 * MINUTE, again: false } };
  return {
    ...emptyWorld(left),
    credentials: [only],
    current: asCurrent(only, { deliveredOn: START - 3 * MINUTE }),
    staged: asStaged(only),
    held: { keyId: "k1", excuse: undefined },
  };
}
