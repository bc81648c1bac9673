import type * as order from "../order.ts";
import type { Stored } from "../stored.ts";

/** A credential that carries our mark, as Entra lists it. Reads may lag behind writes. */
export interface Issued {
  keyId: string;
  issuedOn: Date;
  expiresOn: Date;
  /** The first three characters of its value, where Entra tells them. */
  hint?: string | undefined;
}

export interface Observed {
  issued: readonly Issued[];
  current: Stored | undefined;
  staged: Stored | undefined;
}

/** The run that asks for a plan. */
export interface Run extends order.Run {
  /** A fresh current secret is left to the event handler, which the vault has just called. */
  leavesPushToEvent: boolean;
  /** This run has revoked old credentials and must push once more: a push begun earlier may land after ours. */
  revoked: boolean;
  /** What this run has found to be what it says: tags may be changed after it has looked. */
  checked?: { version: string; keyId: string | undefined } | undefined;
  /** The version that this run has handed to its consumer. */
  handedOn?: string | undefined;
}

export type Moment = order.Moment<Run>;
