import { HOST_TIME_OUT } from "../../shared/limits.ts";
import type { PromiseName } from "../promises.ts";
import { OVERLAP } from "./bounds.ts";
import type { Call } from "./call.ts";
import { type Credential, FOREIGN } from "./credential.ts";
import { isRevocation, type Request } from "./request.ts";
import { type Author, findCredential, type World } from "./world.ts";

/** A promise that does not hold, and in which way. */
export interface Breach {
  promise: PromiseName;
  /** One short phrase for all breaches of one kind. */
  rule: string;
}

/** What must not be done to the world as it is at this moment, whatever the run that does it believes. */
export function judge(world: World, call: Call, request: Request): Breach | undefined {
  switch (call.kind) {
    case "issue":
      return judgeIssue(world, request);
    case "store":
      return call.store === "current" ? judgePromotion(world, call.content) : undefined;
    case "push":
      return judgeProof(world, call.keyId, "a secret is pushed that was never proven");
    case "note":
      if (call.version.keyId) return undefined;
      return { promise: "foreign safety", rule: "tags are written on a vault secret that is not ours" };
    case "retire":
      return judgeRetirement(world, call.keyId, request);
    default:
      return undefined;
  }
}

/** Beside so many none is issued. What the design says, repeated here on purpose. */
const MOST = { whileServed: 5, inEmergency: 10 };

function judgeIssue({ credentials, current, tally }: World, { by }: Request): Breach | undefined {
  const alive = credentials.filter(({ removed }) => !removed);
  // When the run looked, nothing may have been current that signs in.
  const serves =
    current?.enabled && current.createdOn < by.beganOn && alive.some(({ keyId }) => keyId === current.content);
  // Each overlapping run may have issued one since this one looked.
  const meanwhile = tally.overlapped ? tally.begun - 1 : 0;
  const most = (serves && !by.ask?.revokeOld ? MOST.whileServed : MOST.inEmergency) + meanwhile;
  if (alive.length < most) return undefined;
  return { promise: "recoverable or inert", rule: "more credentials are managed than the most" };
}

function judgeProof(world: World, keyId: string, rule: string): Breach | undefined {
  if (findCredential(world, keyId)?.proven) return undefined;
  return { promise: "proof before use", rule: keyId === FOREIGN ? `${rule}: a person's` : rule };
}

function judgePromotion(world: World, keyId: string): Breach | undefined {
  const unproven = judgeProof(world, keyId, "a secret becomes current that was never proven");
  if (unproven) return unproven;
  const present = findCredential(world, world.current?.content);
  const stored = findCredential(world, keyId);
  if (!stored || !present || present.removed || !world.current?.enabled || stored.issuedOn >= present.issuedOn)
    return undefined;
  // Nothing can keep a run from it that stands still between its last look and this: whoever looks next must see it.
  if (isNotedAsNewer(world, stored)) return undefined;
  // Both runs stood still, this one twice: it staged the older one after the newer one, over its note.
  if (world.staged?.content === keyId && world.tally.overlapped) return undefined;
  return {
    promise: "overlap and order",
    rule: "a stale run puts an older secret in the place of a newer one, and nothing tells",
  };
}

/** Whoever looks sees by a note that another one is to be current instead of this. */
export function isNotedAsNewer(world: World, { issuedOn }: Credential): boolean {
  const { staged } = world;
  const newer = findCredential(world, staged?.content);
  return staged?.tags.promoted === true && newer !== undefined && !newer.removed && newer.issuedOn > issuedOn;
}

/** Whoever asked is told that it is done: then it is. */
export function judgeAnswer(
  { credentials, current }: World,
  run: { converged: boolean },
  { ask }: Author,
): Breach | undefined {
  if (!run.converged || !ask) return undefined;
  const older = credentials.filter(({ addedOn, removed }) => !removed && addedOn < ask.issuedBefore);
  if (older.some(({ keyId }) => keyId === current?.content))
    return {
      promise: "honest answers",
      rule: "a call answers that it is done while the secret to be replaced is current",
    };
  if (!ask.revokeOld || older.length === 0) return undefined;
  return { promise: "honest answers", rule: "a call answers that it is done while a leaked credential lives" };
}

function judgeRetirement(world: World, keyId: string, request: Request): Breach | undefined {
  const { credentials, current, held, now } = world;
  const found = findCredential(world, keyId);
  if (!found) return { promise: "foreign safety", rule: "a credential is removed that is not ours" };
  if (found.removed) return undefined;
  // A leaked one may go in the moment in which a stale run makes it current, where it is seen that it shall not be.
  const excused = isRevocation(world, keyId, request) && isNotedAsNewer(world, found);
  if (current?.content === keyId && current.enabled && !excused)
    return { promise: "no early retirement", rule: "the current credential is removed" };
  // What a person took away meanwhile was there when the run looked.
  const others = credentials.filter((one) => one !== found && (!one.removed || one.removed.by === "person"));
  const { ask } = request.by;
  if (ask && isRevocation(world, keyId, request)) {
    // One that never became current is in nobody's hands.
    if (found.promotions === 0) return undefined;
    const successors = others.filter(({ addedOn }) => addedOn >= ask.issuedBefore);
    if (successors.some((one) => one.acknowledged || one.keyId === held?.keyId)) return undefined;
    return { promise: "no early retirement", rule: "a credential is revoked before its successor is delivered" };
  }
  if (!found.stored && now < found.addedOn + HOST_TIME_OUT)
    return { promise: "recoverable or inert", rule: "a credential is removed whose value a run may just be storing" };
  const delivered = others.filter(({ acknowledged }) => acknowledged && now >= acknowledged.on + OVERLAP);
  if (delivered.length === 0)
    return {
      promise: "no early retirement",
      rule: "a credential is removed before its successor was delivered for the overlap",
    };
  if (delivered.some(({ acknowledged }) => acknowledged?.again)) return undefined;
  return { promise: "no early retirement", rule: "a credential is removed before a later run confirmed its successor" };
}
