import { dueOn, retireOn, stageOn } from "../../shared/rotation/reasons.ts";
import { EVENT_HEAD_START, GRACE, LONGEST_RUN, MINUTE, PROOF_PATIENCE } from "../../shared/rotation/state.ts";
import { HOST_KILLS_AFTER, LIST_LAGS, NEW_IS_REFUSED, PATIENCE, POLICY, REMOVED_IS_LET_IN } from "./bounds.ts";
import type { State } from "./state.ts";
import { asSeen } from "./vault-version.ts";

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
  for (const { node } of runs) {
    const { kind, beganOn } = node.opening;
    consider(beganOn + PATIENCE[kind]);
    consider(beganOn + HOST_KILLS_AFTER);
  }
  for (const { until } of adrift) consider(until);
  if (current) {
    const { deliveredOn, confirmedOn } = current.tags;
    const seen = asSeen(current);
    if (deliveredOn === undefined) consider(current.createdOn + EVENT_HEAD_START);
    else if (confirmedOn === undefined) consider(deliveredOn + LONGEST_RUN);
    if (deliveredOn !== undefined) consider(retireOn(new Date(deliveredOn), POLICY).getTime());
    consider(stageOn(seen, POLICY).getTime());
    consider(dueOn(seen, POLICY).getTime());
    // "Longer ago than the grace": a minute later it is.
    consider((current.tags.issuedOn ?? current.createdOn) + GRACE + MINUTE);
  }
  if (staged && !staged.intent) {
    if (staged.tags.provenOn === undefined) consider(staged.createdOn + PROOF_PATIENCE + MINUTE);
    consider(dueOn(asSeen(staged), POLICY).getTime());
  }
  for (const { addedOn, removed, usable } of credentials) {
    if (!removed) consider(addedOn + GRACE + MINUTE);
    if (left.stale > 0) consider((removed?.on ?? addedOn) + LIST_LAGS);
    if (left.refusals > 0 && !usable && !removed) consider(addedOn + NEW_IS_REFUSED);
    if (left.lingers > 0 && removed) consider(removed.on + REMOVED_IS_LET_IN);
  }
  return next;
}
