import {
  ENTRA_LIST_LAG,
  EVENT_HEAD_START,
  GRACE,
  HOST_TIME_OUT,
  LONGEST_RUN,
  MINUTE,
  PROOF_PATIENCE,
} from "../../shared/limits.ts";
import { dueAfter, FAR, NEW_IS_REFUSED, OVERLAP, REMOVED_IS_LET_IN, STAGE_AHEAD } from "./bounds.ts";
import type { State } from "./model-state.ts";
import type { VaultVersion } from "./vault-version.ts";
import type { World } from "./world.ts";

/**
 * The next moment at which some rule, of the plan or of the world, changes its answer. Between two of these moments
 * nothing depends on the time, so that time may pass from one to the next. That a run begins nothing after its own end
 * is no deadline here: wherever it would stop then, it may be killed as well.
 */
export function nextDeadline({ world, runs }: State): number | undefined {
  let next: number | undefined;
  for (const time of deadlines(
    world,
    runs.map(({ beganOn }) => beganOn),
  )) {
    if (time > world.now && (next === undefined || time < next)) next = time;
  }
  return next;
}

function deadlines(world: World, begun: readonly number[]): number[] {
  const { current, staged, credentials, adrift } = world;
  return [
    ...begun.map((beganOn) => beganOn + HOST_TIME_OUT),
    ...adrift.map(({ until }) => until),
    ...(current ? currentDeadlines(current, world.now) : []),
    ...(staged ? stagedDeadlines(staged, world.now) : []),
    ...credentials.flatMap((one) => credentialDeadlines(one, world)),
  ];
}

function currentDeadlines(current: VaultVersion, now: number): number[] {
  const { deliveredOn, confirmed, issuedOn } = current.tags;
  // "Longer ago than the grace": a minute later it is.
  const times = [(issuedOn ?? current.createdOn) + GRACE + MINUTE, ...dueDates(current, now)];
  if (deliveredOn === undefined) return [...times, current.createdOn + EVENT_HEAD_START];
  return confirmed ? [...times, deliveredOn + OVERLAP] : [...times, deliveredOn + LONGEST_RUN, deliveredOn + OVERLAP];
}

function stagedDeadlines(staged: VaultVersion, now: number): number[] {
  const proof = staged.tags.proven ? [] : [staged.createdOn + PROOF_PATIENCE + MINUTE];
  return [staged.createdOn + LONGEST_RUN, ...proof, ...dueDates(staged, now)];
}

function credentialDeadlines(
  { addedOn, issuedOn, removed, usable }: World["credentials"][number],
  { left }: World,
): number[] {
  const times: number[] = [];
  if (!removed) times.push(issuedOn + GRACE + MINUTE);
  if (left.stale > 0) times.push((removed?.on ?? addedOn) + ENTRA_LIST_LAG);
  if (left.refusals > 0 && !usable && !removed) times.push(addedOn + NEW_IS_REFUSED);
  if (left.lingers > 0 && removed) times.push(removed.on + REMOVED_IS_LET_IN);
  return times;
}

/** What is far off does not come: see `forget`. */
function dueDates({ expiresOn }: VaultVersion, now: number): number[] {
  const due = dueAfter(expiresOn ?? 0);
  return due - STAGE_AHEAD > now + FAR ? [] : [due - STAGE_AHEAD, due];
}
