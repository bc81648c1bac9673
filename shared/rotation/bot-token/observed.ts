import type * as order from "../order.ts";
import type { Stored } from "../stored.ts";

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
  /** How many pipelines are deployed, and hold the token; undefined where it was not looked for. */
  deployed?: number | undefined;
}

/** The run that asks for a plan. */
export interface Run extends order.Run {
  /** When this run had a token issued, if it had. */
  issuedOn: Date | undefined;
}

export type Moment = order.Moment<Run>;
