import * as z from "zod";
import { HOUR, ROOM_TO_RETIRE } from "../limits.ts";
import { RENEW_BEFORE_DAYS } from "./environment.ts";
import { whole } from "./setting-forms.ts";

/** When client secrets are renewed, and how long an old one is kept. */
export interface RotationPolicy {
  lifetimeDays: number;
  renewBeforeDays: number;
  overlapDays: number;
  stageAheadHours: number;
}

/** The settings of the rotation, by their environment variables. */
export const policySchema = z.object({
  // Microsoft allows at most two years in the portal; a secret's expiry must also stay below 2038 in the vault's SDK.
  SECRET_LIFETIME_DAYS: whole(2, 730, 90),
  SECRET_RENEW_BEFORE_DAYS: whole(1, 700, RENEW_BEFORE_DAYS),
  SECRET_OVERLAP_DAYS: whole(0, 365, 7),
  SECRET_STAGE_AHEAD_HOURS: whole(0, 24 * 30, 24),
  SECRET_READ_WITHIN_HOURS: whole(0, 24 * 30, 24),
  NOTIFY_EXPIRING_DAYS: whole(1, 365, 7),
});

/** Rules between settings: an old secret must outlive the overlap, and nothing may be due before it is issued. */
export function policyFaults(data: z.output<typeof policySchema>): string[] {
  const faults: string[] = [];
  if (data.SECRET_RENEW_BEFORE_DAYS >= data.SECRET_LIFETIME_DAYS) {
    faults.push("SECRET_RENEW_BEFORE_DAYS must be less than SECRET_LIFETIME_DAYS");
  } else if (data.SECRET_STAGE_AHEAD_HOURS >= (data.SECRET_LIFETIME_DAYS - data.SECRET_RENEW_BEFORE_DAYS) * 24) {
    faults.push("SECRET_STAGE_AHEAD_HOURS must be less than the time from issuing to renewal");
  } else if (data.SECRET_LIFETIME_DAYS * 24 < hoursToRetire(data)) {
    faults.push(
      "SECRET_LIFETIME_DAYS must be at least the sum of SECRET_RENEW_BEFORE_DAYS, SECRET_OVERLAP_DAYS, SECRET_STAGE_AHEAD_HOURS and one day",
    );
  }
  if (data.SECRET_OVERLAP_DAYS >= data.SECRET_RENEW_BEFORE_DAYS) {
    faults.push("SECRET_OVERLAP_DAYS must be less than SECRET_RENEW_BEFORE_DAYS");
  }
  return faults;
}

/** An old secret must be retired before its successor's successor is issued. */
function hoursToRetire(data: z.output<typeof policySchema>): number {
  return (
    (data.SECRET_RENEW_BEFORE_DAYS + data.SECRET_OVERLAP_DAYS) * 24 +
    data.SECRET_STAGE_AHEAD_HOURS +
    ROOM_TO_RETIRE / HOUR
  );
}
