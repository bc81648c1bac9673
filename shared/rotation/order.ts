import type { RotationPolicy } from "../deployment/policy.ts";
import type { Step } from "./outcome.ts";
import type { Notebook, Progress } from "./progress.ts";

/** When a credential is replaced, and how long its predecessor is kept: as the settings say. */
export type Policy = RotationPolicy;

/** What the caller of a run asked for beyond the schedule. */
export interface Ask {
  because: string;
  /** Whatever was issued before this is to be replaced. */
  issuedBefore: Date;
  /** The caller named no moment: the one above is that of the call, unless an earlier call for the same is not done. */
  open?: boolean;
  /** A leak: what was issued before goes as soon as its successor is delivered. */
  revokeOld: boolean;
  /** A message says so, not a call: it counts where the vault knows of that call, see `asked.ts`. */
  byMessage?: boolean;
}

/** A run of the rotation of one credential. */
export interface Order {
  policy: Policy;
  beganOn: Date;
  /** The run begins nothing after this moment. */
  endsOn: Date;
  ask?: Ask | undefined;
  leavesPushToEvent?: boolean;
  /** Somebody has called for it. */
  called?: boolean;
  /** What must be waited for is left to a later run, which a message starts, instead of being waited for. */
  briefly?: boolean;
  /** What an earlier run has left to this one, and this one to a later one. */
  notebook?: Notebook | undefined;
  /** Told which moment an ask came to mean, as soon as that is known. */
  means?(issuedBefore: Date): void;
  /** Told which credentials were to be retired and could not be. */
  leaves?(keyIds: readonly string[]): void;
}

/** What a run of any credential knows of itself. */
export interface Run {
  beganOn: Date;
  ask: Ask | undefined;
  /** Steps that this run has tried and that must wait or failed; it still does whatever else it can. */
  skips: ReadonlySet<string>;
  /** The delivery that an earlier run has begun and left to this one. */
  goesOnWith?: Pick<Progress, "of" | "noted"> | undefined;
  /** Somebody has called for it. */
  called?: boolean | undefined;
}

/** The name by which a run remembers what it skips: of several credentials to be retired, each for itself. */
export function skipName({ kind, target }: Pick<Step, "kind" | "target">): string {
  return kind === "retire" ? `${kind} ${target}` : kind;
}

/** When, by which run, and about which vault secret a plan is made. */
export interface Moment<R extends Run> {
  name: string;
  now: Date;
  run: R;
}
