import { UpstreamError } from "../errors.ts";
import { DELIVERY_LEFT, LONGEST_LEFT } from "../limits.ts";
import type { Stored } from "./stored.ts";

/**
 * How far the deployment of pipelines with one credential has come. They are deployed in the order of their ids, from
 * some one on and round to it.
 */
export interface Progress {
  /** Which delivery it belongs to: of another one it says nothing. */
  of: string;
  from: string;
  /** The last one that was tried; undefined before the first. */
  upTo?: string | undefined;
  /** Those that could not be deployed, and how often that was tried; no more than a message has room for. */
  failed: { id: string; times: number }[];
  /** So many more could not be. Which is not known, so that in the end all are deployed once more. */
  unnamed?: number | undefined;
  /** How often all were tried for that reason. */
  rounds?: number | undefined;
  /** So many with one call at most: more of them came to no end. */
  atOnce?: number | undefined;
  /** The state of the bot's user that they were deployed with, where the server tells one. */
  as?: number | undefined;
  /** What the version's `pushOn` was set to for the message that carries this: another date there means another message. */
  noted?: string | undefined;
}

/**
 * What a run is told of an earlier one, and what it leaves to a later one; filled in as it goes, so that it counts
 * however the run ends.
 */
export interface Notebook {
  readonly told?: Progress | undefined;
  /** Before `lookOn` going on is of no use. */
  left?: (Progress & { lookOn: Date }) | undefined;
}

/** So many ids of pipelines that have failed go into a message, of 64 KB. */
export const MOST_FAILED = 300;

/** What is known of this delivery: what this run has noted, or was told. */
export function known(notebook: Notebook | undefined, of: string): Progress | undefined {
  return [notebook?.left, notebook?.told].find((one) => one?.of === of);
}

/**
 * What is noted with a version whose delivery later runs shall leave to the message that goes on with it: because there was
 * no time for more, or because pipelines could not be deployed. Nothing where it ended otherwise, `failure` being why.
 */
export function leftTo(notebook: Notebook | undefined, failure?: unknown) {
  const left = notebook?.left;
  const isRefused = failure instanceof UpstreamError && failure.code === "pipelines-not-deployed";
  if (!left || (failure !== undefined && !isRefused)) return undefined;
  const pushOn = new Date(left.lookOn.getTime() + DELIVERY_LEFT);
  return { pushOn, pushFailed: isRefused };
}

/** Writes down, for the message that is to go on, what has been noted with the version. */
export function remember(notebook: Notebook | undefined, { pushOn }: { pushOn?: Date | undefined }): void {
  if (notebook?.left && pushOn) notebook.left.noted = pushOn.toISOString();
}

/** Does this run go on with the delivery of this version, as its message told? */
export function goesOn(version: string, { goesOnWith }: { goesOnWith?: Pick<Progress, "of"> | undefined }): boolean {
  return goesOnWith?.of.startsWith(version) ?? false;
}

/**
 * Is a delivery left to a message until then? A date that is too far ahead is none of ours: whoever can write tags could have
 * a delivery put off for ever.
 */
export function isAhead(pushOn: Date | undefined, now: Date): pushOn is Date {
  return pushOn !== undefined && now < pushOn && pushOn.getTime() <= now.getTime() + LONGEST_LEFT;
}

/**
 * Does another message go on with the delivery of this version? Of several one does: the one that was noted last. A leak,
 * and a call about a failure, do not wait; a message of theirs that has been overtaken does.
 */
export function isLeft(
  { version, pushOn, pushFailed }: Pick<Stored, "version" | "pushOn" | "pushFailed">,
  {
    now,
    run,
  }: {
    now: Date;
    run: {
      ask?: { revokeOld: boolean } | undefined;
      called?: boolean | undefined;
      goesOnWith?: Pick<Progress, "of" | "noted"> | undefined;
    };
  },
): boolean {
  if (!isAhead(pushOn, now)) return false;
  if (goesOn(version, run)) return run.goesOnWith?.noted !== pushOn.toISOString();
  return !run.ask?.revokeOld && !(pushFailed && run.called);
}
