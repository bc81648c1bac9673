import { MESSAGES_SPREAD, NEXT_LOOK, SECOND, WAITING_LIFE } from "../limits.ts";
import { type Log, trouble } from "../log.ts";
import type { Outcome } from "../rotation/outcome.ts";
import type { Notebook } from "../rotation/progress.ts";
import { type Unit, unitOf } from "./message.ts";
import { hasMoved, type NextLook, nextLook } from "./next-look.ts";
import type { WorkQueue } from "./ports.ts";
import type { Named } from "./sweep.ts";

/** What a run that no message has started leaves to the queue, and with what. */
export interface Leaving {
  queue: Pick<WorkQueue, "send">;
  now: Date;
  random(): number;
  ask?: Unit["ask"];
  log: Log;
}

/**
 * Sends what is to follow a run that took a step, or has deployed some of the pipelines; one that only looked leaves that
 * to whoever took the last. Answers whether something was sent. Never throws: without a queue the next sweep goes on.
 */
export async function leaveToQueue(
  named: Named,
  { outcome, notebook }: { outcome: Outcome | undefined; notebook: Notebook },
  leaving: Leaving,
): Promise<boolean> {
  const { now } = leaving;
  const until = new Date(now.getTime() + WAITING_LIFE);
  const next =
    comeFurther(notebook, now) ?? (outcome && hasMoved(outcome.steps) ? nextLook(outcome, { now, until }) : undefined);
  return next !== undefined && (await sendUnit(named, { ...leaving, ...next, ...progressIn(notebook) }));
}

/** Has a look made as soon as something that must be waited for may have come. Answers whether it was sent; never throws. */
export function sendSoon(named: Named, leaving: Leaving, on?: Date): Promise<boolean> {
  const { now } = leaving;
  const until = new Date(now.getTime() + WAITING_LIFE);
  return sendUnit(named, { ...leaving, on: on ?? new Date(now.getTime() + NEXT_LOOK), until });
}

async function sendUnit(
  named: Named,
  { queue, now, random, log, on, ...more }: Leaving & NextLook & Pick<Unit, "progress">,
): Promise<boolean> {
  try {
    await queue.send(unitOf(named, more), delayUntil(on, now, random));
    return true;
  } catch (error) {
    const { credential, deployment } = named;
    log({
      ...trouble("cannot use the queue, so the work waits for the next run of the timer", error),
      deployment,
      credential,
    });
    return false;
  }
}

/** How far a delivery has come that a later run goes on with. */
export function progressIn({ left }: Notebook): Pick<Unit, "progress"> {
  if (!left) return {};
  const { lookOn: _, ...progress } = left;
  return { progress };
}

/** A delivery that has come further in this run is gone on with, however often; not before `now`. */
export function comeFurther({ told, left }: Notebook, now: Date): NextLook | undefined {
  if (!left || stateOf(left) === stateOf(told)) return undefined;
  const on = left.lookOn > now ? left.lookOn : now;
  return { on, until: new Date(on.getTime() + WAITING_LIFE) };
}

/** Two states between which nothing was tried are the same. */
function stateOf(progress: Notebook["told"]): string {
  const { of, upTo, atOnce, unnamed, rounds, failed = [] } = progress ?? {};
  return JSON.stringify([of, upTo, atOnce, unnamed, rounds, failed.reduce((sum, { times }) => sum + times, 0)]);
}

/**
 * A second late rather than early: what comes at that time shall have come. Where two runs have left the same, one of them
 * comes first: they are spread by chance.
 */
export function delayUntil(on: Date, now: Date, random: () => number): { delay: number } {
  return { delay: on > now ? on.getTime() - now.getTime() + SECOND + random() * MESSAGES_SPREAD : 0 };
}
