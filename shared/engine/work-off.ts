import { UpstreamError } from "../errors.ts";
import { NEXT_LOOK, SECOND } from "../limits.ts";
import { lookOf } from "../rotation/look.ts";
import type { Ask, Policy } from "../rotation/order.ts";
import type { Outcome } from "../rotation/outcome.ts";
import type { Notebook } from "../rotation/progress.ts";
import type { Rotation } from "../rotation/rotatable.ts";
import { comeFurther, delayUntil, progressIn } from "./leave.ts";
import { type Unit, unitOf } from "./message.ts";
import { hasMoved, type NextLook, nextLook, pauseAfter } from "./next-look.ts";
import type { WorkQueue } from "./ports.ts";

/** What a unit is worked off with. */
export interface Tools {
  queue: Pick<WorkQueue, "send">;
  random(): number;
  policy: Policy;
  beganOn: Date;
  endsOn: Date;
  /** The host brings the message again: a run with it has failed or died, maybe after it had left its own message. */
  again: boolean;
}

/**
 * Does what is due for one credential, and sends a message for what must be waited for: that of a delivery which has not
 * reached all pipelines carries how far it has come. A service that wants to be left alone is left alone that long. Brought
 * again, a message is followed by another only where the run has come further: each of ten deliveries would leave one, and
 * each of those. Answers what came of it, undefined where a message goes on with what has failed, or was put off.
 * @throws what the rotation failed with, so that the run shows red and the host brings the message again, unless a
 * message goes on with it.
 */
export async function workOff(unit: Unit, rotation: Rotation, tools: Tools): Promise<Outcome | undefined> {
  const { policy, beganOn, endsOn, again } = tools;
  if (await putOff(unit, rotation, tools)) return undefined;
  const notebook: Notebook = { told: unit.progress };
  const order = { policy, beganOn, endsOn, ask: askOf(unit), leavesPushToEvent: true, briefly: true, notebook };
  const goOn = async (next: NextLook): Promise<void> => {
    const message = unitOf(unit, { ...next, ask: unit.ask, ...progressIn(notebook) });
    await tools.queue.send(message, delayUntil(next.on, rotation.now(), tools.random));
  };
  try {
    const outcome = await rotation.rotate(order);
    const now = rotation.now();
    const further = comeFurther(notebook, now);
    rotation.log(lookOf(rotation, outcome, { goesOn: further !== undefined }));
    const waits = !again || hasMoved(outcome.steps);
    const next = further ?? (waits ? nextLook(outcome, { ...toldIn(unit), now }) : undefined);
    if (next) await goOn(next);
    return outcome;
  } catch (error) {
    const now = rotation.now();
    const next =
      comeFurther(notebook, new Date(now.getTime() + NEXT_LOOK)) ?? (again ? undefined : whenAsked(error, now, unit));
    if (!next) throw error;
    await goOn(next);
    return undefined;
  }
}

/** What is asked for by a clock that is ahead of ours waits until ours is there: what we issue before would count as old. */
async function putOff(unit: Unit, { now, log }: Rotation, { queue, random }: Tools): Promise<boolean> {
  const on = new Date(unit.ask?.issuedBefore ?? 0);
  if (on <= now()) return false;
  await queue.send(unit, delayUntil(on, now(), random));
  log({ event: "note", message: `put off until ${on.toISOString()}: whoever asked for it has a clock that is ahead` });
  return true;
}

function toldIn({ until, since }: Unit) {
  return { until: new Date(until), since: since === undefined ? undefined : new Date(since) };
}

/** When a service that has failed wants to be asked again, where it said so. */
function whenAsked(error: unknown, now: Date, unit: Unit): NextLook | undefined {
  const asked = error instanceof UpstreamError ? error.retryAfterSeconds : 0;
  const { until, since = now } = toldIn(unit);
  const on = new Date(now.getTime() + Math.max(asked * SECOND, pauseAfter(since, now)));
  return asked > 0 && on <= until ? { on, until, since } : undefined;
}

function askOf({ ask }: Unit): Ask | undefined {
  if (!ask) return undefined;
  const { issuedBefore, revokeOld } = ask;
  return { because: "a call asked for it", issuedBefore: new Date(issuedBefore), revokeOld, byMessage: true };
}
