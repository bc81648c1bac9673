import { DAY, HOUR, MINUTE } from "../../shared/limits.ts";
import { POLICY } from "./bounds.ts";
import type { Credential } from "./credential.ts";
import type { Tags, VaultVersion } from "./vault-version.ts";
import type { Budget, World } from "./world.ts";

/** When every scenario begins, and every run by its own clock. */
export const START = Date.UTC(2026, 0, 1);

const NOTHING: Budget = {
  timers: 0,
  calls: 0,
  units: 0,
  handlers: 0,
  crashes: 0,
  lost: 0,
  stale: 0,
  refusals: 0,
  lingers: 0,
  person: 0,
  minutes: 0,
};

/** A world in which there is nothing yet. */
export function emptyWorld(left: Partial<Budget>): World {
  return {
    now: START,
    credentials: [],
    current: undefined,
    staged: undefined,
    held: undefined,
    adrift: [],
    event: false,
    asked: undefined,
    left: { ...NOTHING, ...left },
    tally: { begun: 0, issued: 0, overlapped: false, faults: 0 },
  };
}

/** A credential that was issued so many hours before the start, stored and proven, perhaps delivered and confirmed. */
export function issued(keyId: string, hoursAgo: number, past: { acknowledgedHoursAgo?: number } = {}): Credential {
  const { acknowledgedHoursAgo: ago } = past;
  const addedOn = START - hoursAgo * HOUR;
  return {
    keyId,
    addedOn,
    issuedOn: addedOn,
    expiresOn: addedOn + POLICY.lifetimeDays * DAY,
    usable: true,
    removed: undefined,
    stored: true,
    proven: true,
    promotions: ago === undefined ? 0 : 1,
    acknowledged: ago === undefined ? undefined : { on: START - ago * HOUR, again: true },
  };
}

/** Its value as the latest version of the current secret, stored so lately that nobody need check it. */
export function asCurrent(one: Credential, tags: Tags = {}): VaultVersion {
  return { ...version(one, "current", tags), createdOn: Math.max(one.addedOn + MINUTE, START - HOUR) };
}

/** The same, but nobody has signed in with it for more than a day. */
export function unchecked(one: Credential, tags: Tags = {}): VaultVersion {
  return { ...version(one, "current", tags), createdOn: START - DAY - HOUR };
}

/** Its value as the latest version of the staged secret. */
export function asStaged(one: Credential): VaultVersion {
  return version(one, "staged", {});
}

/** Delivered and confirmed. */
export function confirmed({ acknowledged }: Credential): Tags {
  return { deliveredOn: acknowledged?.on, confirmed: true };
}

function version(one: Credential, store: "current" | "staged", tags: Tags): VaultVersion {
  const { keyId, addedOn, expiresOn } = one;
  return {
    name: `${store}/${keyId}#${store === "current" ? 1 : 0}`,
    enabled: true,
    createdOn: addedOn,
    expiresOn,
    content: keyId,
    tags: { keyId, issuedOn: addedOn, proven: true, ...tags },
  };
}
