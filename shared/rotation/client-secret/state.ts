/** What a rotation is decided from, and what it decides. Times are `Date`s, durations milliseconds. */

/** A credential that carries our mark, as Entra lists it. Reads may lag behind writes. */
export interface Issued {
  keyId: string;
  issuedOn: Date;
  expiresOn: Date;
}

/** The latest version of a vault secret; the vault's reads do not lag. */
export interface Stored {
  version: string;
  enabled: boolean;
  createdOn: Date;
  expiresOn: Date | undefined;
  /** Merely announces a credential; holds no value. */
  intent: boolean;
  keyId: string | undefined;
  issuedOn: Date | undefined;
  provenOn: Date | undefined;
  /** Of a staged one: a run was about to make it current. */
  promotedOn: Date | undefined;
  deliveredOn: Date | undefined;
  confirmedOn: Date | undefined;
}

export interface Observed {
  issued: readonly Issued[];
  current: Stored | undefined;
  staged: Stored | undefined;
}

export interface Policy {
  lifetimeDays: number;
  renewBeforeDays: number;
  overlapDays: number;
  stageAheadHours: number;
}

/** What the caller of this run asked for beyond the schedule. */
export interface Ask {
  because: string;
  /** Whatever was issued before this is to be replaced. */
  issuedBefore: Date;
  /** A leak: what was issued before goes as soon as its successor is delivered. */
  revokeOld: boolean;
}

/** The run that asks for a plan. */
export interface Run {
  beganOn: Date;
  ask: Ask | undefined;
  /** A fresh current secret is left to the event handler, which the vault has just called. */
  leavesPushToEvent: boolean;
  /** This run has revoked old credentials and must push once more: a push begun earlier may land after ours. */
  revoked: boolean;
  /** Steps that this run has tried and that must wait or failed; it still does whatever else it can. */
  skips: ReadonlySet<Step["kind"]>;
}

/** When, by which run, and about which vault secret a plan is made. */
export interface Moment {
  name: string;
  now: Date;
  run: Run;
}

export type ReplaceReason =
  | "none is stored"
  | "the stored one is not ours"
  | "the stored one is disabled"
  | "Entra no longer lists it"
  | "it is due"
  | "asked for";

export type Step =
  | { kind: "issue"; because: ReplaceReason | "it is due soon"; target: string; expiresOn: Date }
  | { kind: "prove"; because: "not proven yet"; target: string; version: string }
  | { kind: "promote"; because: ReplaceReason | "an older one displaced it"; target: string; version: string }
  | { kind: "push"; because: "not delivered" | "old ones were revoked"; target: string; version: string }
  | { kind: "confirm"; because: "delivered before this run began"; target: string; version: string }
  | { kind: "retire"; because: "replaced" | "compromised"; target: string };

/**
 * What came of a step: done, or to be waited for; both say something for the log. With `until` it comes by itself at
 * that time.
 */
export type Applied = { state: "done" | "waiting"; detail: string; until?: Date };

/** What comes by itself, and when. */
export interface Later {
  kind: Step["kind"];
  on: Date;
  target: string;
}

export interface Plan {
  next: Step | undefined;
  later: Later[];
  /** Why nothing may be issued although something should be. */
  blocked: string | undefined;
}

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** So far may the clocks of Entra and of our own instances be apart. */
export const CLOCK_SKEW = 10 * MINUTE;
/** A managed credential that no run accounts for is left alone so long: another run may just be storing it. */
export const GRACE = HOUR;
/** No run lives longer; every run alive at a delivery has ended so long after it. The host kills one after 10 minutes. */
export const LONGEST_RUN = 15 * MINUTE;
/** A staged secret that cannot be proven for so long is given up and another one issued. */
export const PROOF_PATIENCE = 6 * HOUR;
/** So long a fresh current secret is left to the event handler before the timer pushes it. */
export const EVENT_HEAD_START = 5 * MINUTE;
/** So many managed credentials at once mean that something keeps losing them. */
export const MOST_MANAGED = 5;
/** The same while nothing current can sign in: nobody is served until there is one, so a few losses more are risked. */
export const MOST_IN_EMERGENCY = 10;
