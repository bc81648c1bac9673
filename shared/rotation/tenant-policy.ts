import { CLOCK_SKEW, DAY, HOUR, type Policy } from "./state.ts";

/** What the tenant allows for client secrets; a life in milliseconds. */
export interface SecretLimits {
  forbidden: boolean;
  longestLife: number | undefined;
}

export type Allowed = { kind: "allowed"; expiresOn: Date } | { kind: "refused"; because: string; hint: string };

/**
 * Holds a wanted expiry date against what the tenant allows: clamps it, or refuses what would leave no time to rotate.
 * Pure.
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
  const tooShort = limits.longestLife <= policy.renewBeforeDays * DAY + policy.stageAheadHours * HOUR;
  if (tooShort) {
    return {
      kind: "refused",
      because: `an application management policy of the tenant caps the life of client secrets at ${Math.floor(limits.longestLife / DAY)} days, which leaves no time between issuing and renewal`,
      hint: "Lower SECRET_RENEW_BEFORE_DAYS (and SECRET_STAGE_AHEAD_HOURS), or exempt the application from the policy",
    };
  }
  // A little less than allowed: Entra judges by its own clock.
  return { kind: "allowed", expiresOn: new Date(now.getTime() + limits.longestLife - CLOCK_SKEW) };
}
