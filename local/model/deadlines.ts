import { EVENT_HEAD_START, GRACE, LONGEST_RUN, MINUTE, PROOF_PATIENCE } from "../../shared/rotation/state.ts";
import {
  dueAfter,
  FAR,
  HOST_KILLS_AFTER,
  LIST_LAGS,
  NEW_IS_REFUSED,
  OVERLAP,
  REMOVED_IS_LET_IN,
  STAGE_AHEAD,
} from "./bounds.ts";
import type { State } from "./state.ts";
import type { VaultVersion } from "./vault-version.ts";

/**
 * The next moment at which some rule, of the plan or of the world, changes its answer. Between two of these moments
 * nothing depends on the time, so that time may pass from one to the next.
 */
export function nextDeadline({ world, runs }: State): number | undefined {
  const { now, current, staged, credentials, adrift, left } = world;
  let next: number | undefined;
  const consider = (time: number): void => {
    if (time > now && (next === undefined || time < next)) next = time;
  };
  // That a run begins nothing after its own end is no deadline here: it may be killed at any point before.
  for (const { beganOn } of runs) consider(beganOn + HOST_KILLS_AFTER);
  for (const { until } of adrift) consider(until);
  if (current) {
    const { deliveredOn, confirmed } = current.tags;
    if (deliveredOn === undefined) consider(current.createdOn + EVENT_HEAD_START);
    else if (!confirmed) consider(deliveredOn + LONGEST_RUN);
    if (deliveredOn !== undefined) consider(deliveredOn + OVERLAP);
    considerDue(current, consider, now);
    // "Longer ago than the grace": a minute later it is.
    consider((current.tags.issuedOn ?? current.createdOn) + GRACE + MINUTE);
  }
  if (staged && !staged.intent) {
    if (!staged.tags.proven) consider(staged.createdOn + PROOF_PATIENCE + MINUTE);
    considerDue(staged, consider, now);
  }
  for (const { addedOn, removed, usable } of credentials) {
    if (!removed) consider(addedOn + GRACE + MINUTE);
    if (left.stale > 0) consider((removed?.on ?? addedOn) + LIST_LAGS);
    if (left.refusals > 0 && !usable && !removed) consider(addedOn + NEW_IS_REFUSED);
    if (left.lingers > 0 && removed) consider(removed.on + REMOVED_IS_LET_IN);
  }
  return next;
}

/** What is far off does not come: see `forget`. */
function considerDue({ expiresOn }: VaultVersion, consider: (time: number) => void, now: number): void {
  const due = dueAfter(expiresOn ?? 0);
  if (due - STAGE_AHEAD > now + FAR) return;
  consider(due - STAGE_AHEAD);
  consider(due);
}
