import { NotYetError, UpstreamError } from "./errors.ts";
import { LONGEST_WAIT } from "./limits.ts";

/** What waits go by; in tests and in the simulation its time is virtual. */
export interface Clock {
  now(): Date;
  wait(milliseconds: number): Promise<unknown>;
  /** From 0 to 1. Where there is none, no pause is spread. */
  random?(): number;
}

/** When something is tried again, and when no more. Durations in milliseconds. */
export interface Patience<T> {
  /** Before the second attempt, the third, and so on; the attempts end with them. */
  pauses: Iterable<number>;
  /** No attempt begins after this. */
  endsOn?: Date;
  /** Shortens each pause by up to a fifth, so that all who failed at one moment do not come back at one moment. */
  spread?: boolean;
  /** Is this what was waited for? By default whatever is not undefined. */
  until?(value: T): boolean;
  /** Is the attempt repeated after this failure? By default after none. */
  again?(failure: unknown): boolean;
  /** Called before an attempt is repeated after a failure, with its message. */
  onFailure?(message: string): void;
}

/**
 * Tries until it has what it waits for, and answers with what the last attempt came to. A service that says how long it
 * wants to be left alone is left alone that long, or, where that is minutes, given up to a later run.
 * @throws what the last attempt threw.
 */
export async function retry<T>(clock: Clock, attempt: () => Promise<T>, patience: Patience<T>): Promise<T> {
  const { until = (value: T) => value !== undefined, endsOn } = patience;
  const pauses = patience.pauses[Symbol.iterator]();
  for (;;) {
    const tried = await outcomeOf(attempt);
    if ("value" in tried ? until(tried.value) : !patience.again?.(tried.failure)) return settled(tried);
    const { value: pause, done } = pauses.next();
    if (done) return settled(tried);
    const least = "failure" in tried ? secondsAsked(tried.failure) * 1000 : 0;
    if (least > LONGEST_WAIT) return settled(tried);
    const milliseconds = Math.max(least, patience.spread ? spread(pause, clock) : pause);
    if (endsOn && clock.now().getTime() + milliseconds > endsOn.getTime()) return settled(tried);
    if ("failure" in tried) patience.onFailure?.(messageOf(tried.failure));
    await clock.wait(milliseconds);
  }
}

/** What Entra has just made may take half a minute until it is read: its reads lag behind its writes. */
export const REPLICATION_PAUSES: readonly number[] = [2, 4, 8, 15].map((seconds) => seconds * 1000);

/** Pauses of one length without end. */
export function* every(milliseconds: number): Generator<number, never> {
  for (;;) yield milliseconds;
}

/** May the same succeed later without anybody acting? */
export function isTransient(failure: unknown): failure is UpstreamError {
  return failure instanceof UpstreamError && failure.transient;
}

export function messageOf(failure: unknown): string {
  return failure instanceof Error ? failure.message : String(failure);
}

type Tried<T> = { value: T } | { failure: unknown };

function outcomeOf<T>(attempt: () => Promise<T>): Promise<Tried<T>> {
  return attempt().then(
    (value) => ({ value }),
    (failure: unknown) => ({ failure }),
  );
}

function settled<T>(tried: Tried<T>): T {
  if ("failure" in tried) throw tried.failure;
  return tried.value;
}

function secondsAsked(failure: unknown): number {
  return failure instanceof UpstreamError || failure instanceof NotYetError ? failure.retryAfterSeconds : 0;
}

function spread(pause: number, { random }: Clock): number {
  return Math.round(pause * (1 - (random?.() ?? 0) / 5));
}
