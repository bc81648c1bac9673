import type { RotationPolicy } from "../deployment/policy.ts";
import type { StepKind } from "./outcome.ts";

/** When a credential is replaced, and how long its predecessor is kept: as the settings say. */
export type Policy = RotationPolicy;

/** What the caller of a run asked for beyond the schedule. */
export interface Ask {
  because: string;
  /** Whatever was issued before this is to be replaced. */
  issuedBefore: Date;
  /** A leak: what was issued before goes as soon as its successor is delivered. */
  revokeOld: boolean;
}

/** A run of the rotation of one credential. */
export interface Order {
  policy: Policy;
  beganOn: Date;
  /** The run begins nothing after this moment. */
  endsOn: Date;
  ask?: Ask | undefined;
  leavesPushToEvent?: boolean;
}

/** What a run of any credential knows of itself. */
export interface Run {
  beganOn: Date;
  ask: Ask | undefined;
  /** Steps that this run has tried and that must wait or failed; it still does whatever else it can. */
  skips: ReadonlySet<StepKind>;
}

/** When, by which run, and about which vault secret a plan is made. */
export interface Moment<R extends Run> {
  name: string;
  now: Date;
  run: R;
}
