import { CLOCK_SKEW, DAY, HOUR, ROOM_TO_RETIRE } from "../../limits.ts";
import type { Policy } from "../order.ts";

/** What the tenant allows for client secrets; a life in milliseconds. */
export interface SecretLimits {
  forbidden: boolean;
  longestLife: number | undefined;
  /** Whether that life may not count for this app: it is kept to where that costs nothing. */
  sparesSome?: boolean;
}

export type Allowed = { kind: "allowed"; expiresOn: Date } | { kind: "refused"; because: string; hint: string };

/**
 * Holds a wanted expiry date against what the tenant allows: clamps it, or refuses what would leave no time to rotate
 * and to retire. Pure.
 */
export function withinTenantPolicy(
  expiresOn: Date,
  limits: SecretLimits | undefined,
  { policy, now }: { policy: Policy; now: Date },
): Allowed {
  if (limits?.forbidden) {
    return {
      kind: "refused",
      because: "a tenant policy (application management) forbids client secrets",
      hint: "Exempt the application from the application management policy",
    };
  }
  if (limits?.longestLife === undefined || now.getTime() + limits.longestLife >= expiresOn.getTime()) {
    return { kind: "allowed", expiresOn };
  }
  const { renewBeforeDays, overlapDays, stageAheadHours } = policy;
  const shortest = (renewBeforeDays + overlapDays) * DAY + stageAheadHours * HOUR + ROOM_TO_RETIRE;
  if (limits.longestLife < shortest) {
    if (limits.sparesSome) return { kind: "allowed", expiresOn };
    return {
      kind: "refused",
      because: `a tenant policy (application management) limits client secrets to ${Math.floor(limits.longestLife / DAY)} days, but these settings need at least ${Math.ceil(shortest / DAY)}`,
      hint: "Lower SECRET_RENEW_BEFORE_DAYS or SECRET_OVERLAP_DAYS (both, SECRET_STAGE_AHEAD_HOURS and one day must fit into the limit), or exempt the application from the policy",
    };
  }
  // A little less than allowed: Entra judges by its own clock.
  return { kind: "allowed", expiresOn: new Date(now.getTime() + limits.longestLife - CLOCK_SKEW) };
}
