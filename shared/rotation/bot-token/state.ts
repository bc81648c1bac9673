import type { Ask, Later, Stored } from "../client-secret/state.ts";

/** What OpenMetadata holds for the bot. A bot has one token at most: a new one takes the place of the old one at once. */
export interface Held {
  /** The user that the bot acts as. */
  userId: string;
  /** Tells one token from another without telling the token; undefined where the bot holds none. */
  keyId: string | undefined;
  /** By OpenMetadata's clock. */
  issuedOn: Date | undefined;
  /** undefined: never. */
  expiresOn: Date | undefined;
}

export interface Observed {
  held: Held;
  /** The latest version of the vault secret. */
  current: Stored | undefined;
  /** Names of pipelines that run at this moment; looked for only where a new token is due. */
  running: readonly string[];
}

/** The run that asks for a plan. */
export interface Run {
  beganOn: Date;
  ask: Ask | undefined;
  /** When this run had a token issued, if it had. */
  issuedOn: Date | undefined;
  /** Steps that this run has tried and that must wait or failed. */
  skips: ReadonlySet<Step["kind"]>;
}

/** When, by which run, and about which vault secret a plan is made. */
export interface Moment {
  name: string;
  now: Date;
  run: Run;
}

/** Lifetimes that every release since 0.12 knows, in days (OpenMetadata's schema `auth/jwtAuth.json`). */
export type TokenLifetime = "7" | "30" | "60" | "90";

export type IssueReason = "the bot holds no token" | "it is due" | "asked for" | "compromised";
export type PromoteReason = "none is stored" | "the stored one is disabled" | "the server holds another one";

export type Step =
  | { kind: "issue"; because: IssueReason; target: string; lifetime: TokenLifetime }
  | { kind: "promote"; because: PromoteReason; target: string }
  | { kind: "push"; because: "not delivered"; target: string; version: string }
  | { kind: "confirm"; because: "delivered before this run began"; target: string; version: string };

export interface Plan {
  next: Step | undefined;
  /** A step that is due but waits for a better moment, and until when at most. */
  waits: { step: Step; because: string; until: Date } | undefined;
  later: Later[];
}
