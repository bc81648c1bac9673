import { DAY, GRACE, HOUR, MINUTE } from "../../shared/limits.ts";
import { isDisplaced, isGood, type Truth } from "./truth.ts";
import type { World } from "./world.ts";

/** Two runs of the hourly timer, and the time that they take. */
export const TWO_RUNS = 2 * HOUR + 15 * MINUTE;

/**
 * What ought to have been done two runs ago, in a world where nothing goes wrong any more; undefined when nothing.
 * Judged by what is true, not by what the app reports.
 */
export function overdue(world: World): string | undefined {
  const { entra, current, staged, server, timeline, profile } = world;
  const truth: Truth = { now: timeline.now, policy: profile.policy, entra, current, staged };
  const now = timeline.now();
  const latest = current.latest();
  if (!isGood(truth, latest)) return "there is no good current secret";
  const next = staged.latest();
  if (isGood(truth, next) && isDisplaced(truth, latest)) return `${next.tags?.keyId} is displaced by an older one`;
  const due = (latest.expiresOn?.getTime() ?? 0) - profile.policy.renewBeforeDays * DAY;
  if (now > due + TWO_RUNS) return `${latest.tags?.keyId} is due and was not replaced`;
  const { deliveredOn, confirmedOn } = latest.tags ?? {};
  if (now < latest.createdAt + TWO_RUNS) return undefined;
  if (!deliveredOn) return `${latest.tags?.keyId} is not delivered`;
  const without = server.holders().find(({ value }) => value !== latest.value);
  if (without && now > deliveredOn.getTime() + TWO_RUNS) return `${without.name} does not hold the current secret`;
  if (!confirmedOn)
    return now > deliveredOn.getTime() + TWO_RUNS ? `${latest.tags?.keyId} is not confirmed` : undefined;
  const from = Math.max(deliveredOn.getTime() + profile.policy.overlapDays * DAY, confirmedOn.getTime()) + TWO_RUNS;
  if (now < from) return undefined;
  const left = entra.all.find(
    (one) =>
      one.managed &&
      entra.lives(one) &&
      one !== entra.byKey(latest.tags?.keyId) &&
      one !== entra.byKey(next?.tags?.keyId) &&
      // One that could not be proven stays staged until the next one is.
      now > Math.max(one.issuedAt + GRACE, next?.createdAt ?? 0) + TWO_RUNS,
  );
  return left && `${left.keyId} is in nobody's hands and was not retired`;
}
