import { CLOCK_SKEW, DAY, ENTRA_LIST_LAG, EVENT_HEAD_START, GRACE, HOUR, MINUTE } from "../../shared/limits.ts";
import { dueAfter, FAR, OVERLAP, POLICY, STAGE_AHEAD } from "./bounds.ts";
import type { Credential } from "./credential.ts";
import type { VaultVersion } from "./vault-version.ts";
import type { World } from "./world.ts";

/** Older than any rule asks for. */
const OLD = GRACE + MINUTE;

/**
 * Makes everything that is older than any rule asks for just so old, and whatever falls due in days fall due in days
 * from now on: such worlds go on in the same way, so they become one. What comes of it is a world that might be, and
 * the code sees these times and no others.
 */
export function forget(world: World): World {
  const { now, current, staged } = world;
  const issueLimit = issueLimitOf(world);
  return {
    ...world,
    credentials: world.credentials.map((one) => forgetCredential(one, { now, issueLimit })),
    current: current && forgetVersion(current, { now, issueLimit, createdLimit: now - EVENT_HEAD_START }),
    staged: staged && forgetVersion(staged, { now, issueLimit, createdLimit: stagedLimit(staged, now) }),
  };
}

/** A version as it is stored: what its run remembers of it may be older than what the world does. */
export function freshVersion(one: VaultVersion, world: World): VaultVersion {
  return forgetVersion(one, { now: world.now, issueLimit: issueLimitOf(world), createdLimit: -Infinity });
}

interface Limits {
  now: number;
  issueLimit: number;
}

/** A caller compares the time of issue with the time of its request: whatever is older than both stays older. */
function issueLimitOf({ now, asked }: World): number {
  return asked === undefined || asked.issuedBefore > now - OLD + CLOCK_SKEW ? now - OLD : -Infinity;
}

/** How long a proof is waited for counts from the creation of what is to be proven. */
function stagedLimit({ tags }: VaultVersion, now: number): number {
  return tags.proven ? now - OLD : -Infinity;
}

function forgetCredential(one: Credential, { now, issueLimit }: Limits): Credential {
  const { removed, acknowledged } = one;
  return {
    ...one,
    addedOn: Math.max(one.addedOn, issueLimit),
    issuedOn: Math.max(one.issuedOn, issueLimit),
    expiresOn: forgetExpiry(one.expiresOn, now),
    removed: removed && { ...removed, on: Math.max(removed.on, now - ENTRA_LIST_LAG) },
    acknowledged: acknowledged && { ...acknowledged, on: Math.max(acknowledged.on, now - OVERLAP) },
  };
}

function forgetVersion(
  one: VaultVersion,
  { now, issueLimit, createdLimit }: Limits & { createdLimit: number },
): VaultVersion {
  const { issuedOn } = one.tags;
  const deliveredOn = one.tags.deliveredOn && Math.max(one.tags.deliveredOn, now - OVERLAP);
  return {
    ...one,
    // Never after its delivery: no run would believe that.
    createdOn: Math.min(Math.max(one.createdOn, createdLimit), deliveredOn ?? Number.POSITIVE_INFINITY),
    expiresOn: one.expiresOn && forgetExpiry(one.expiresOn, now),
    tags: {
      ...one.tags,
      issuedOn: issuedOn && Math.max(issuedOn, issueLimit),
      deliveredOn,
    },
  };
}

/** Due long before its end, soon due, or far from being due. */
function forgetExpiry(expiresOn: number, now: number): number {
  const due = dueAfter(expiresOn);
  if (due <= now) return expiresOn > now + 2 * HOUR ? now + 8 * HOUR : expiresOn;
  return due - STAGE_AHEAD > now + FAR ? now + POLICY.lifetimeDays * DAY : expiresOn;
}
