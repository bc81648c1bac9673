import type { Breach } from "./judge.ts";
import type { State } from "./model-state.ts";
import type { RunTree } from "./run-tree.ts";

/** One thing that may happen next. */
export interface Move {
  to: State;
  /** For the count of what was explored, such as "promoted"; empty for what is not worth counting. */
  did: string;
  /** For the story; not asked for unless there is one to tell. */
  says(): string;
  breach: Breach | undefined;
}

/** The rules of one scenario's game. */
export interface Game {
  tree: RunTree;
  /** Calls by pipelines carry this. */
  ask: { revokeOld: boolean } | undefined;
  person: readonly Deed[];
  /** Entra's clock is ahead of ours by so much. */
  skew: number;
  /** The three reads of an observation are answered one by one, in any order. */
  splitReads: boolean;
}

/** What a person may do. */
export type Deed =
  | "removes the current credential"
  | "disables the current version"
  | "stores a secret by hand"
  | "points the tags at an older credential";
