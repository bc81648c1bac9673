import { CLOCK_SKEW, DAY, HOUR, ROOM_TO_RETIRE } from "../../limits.ts";
import type { Policy } from "../order.ts";

/** What the tenant allows for client secrets; a life in milliseconds. */
export interface SecretLimits {
  forbidden: boolean;
  longestLife: number | undefined;
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
      because: "an application management policy of the tenant forbids client secrets",
      hint: "Exempt the application from the policy (az rest, /policies/appManagementPolicies), or let OpenMetadata sign in another way",
    };
  }
  if (limits?.longestLife === undefined || now.getTime() + limits.longestLife >= expiresOn.getTime()) {
    return { kind: "allowed", expiresOn };
  }
  const { renewBeforeDays, overlapDays, stageAheadHours } = policy;
  const shortest = (renewBeforeDays + overlapDays) * DAY + stageAheadHours * HOUR + ROOM_TO_RETIRE;
  if (limits.longestLife < shortest) {
    return {
      kind: "refused",
      because: `an application management policy of the tenant caps the life of client secrets at ${Math.floor(limits.longestLife / DAY)} days; with these settings it must be ${Math.ceil(shortest / DAY)} at least, or old ones pile up`,
      hint: "Lower SECRET_RENEW_BEFORE_DAYS or SECRET_OVERLAP_DAYS (their sum, SECRET_STAGE_AHEAD_HOURS and a day must fit into the cap), or exempt the application from the policy",
    };
  }
  // A little less than allowed: Entra judges by its own clock.
  return { kind: "allowed", expiresOn: new Date(now.getTime() + limits.longestLife - CLOCK_SKEW) };
}
