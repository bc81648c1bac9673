import type { Code } from "./replay.ts";
import type { Breach } from "./judge.ts";
import type { RunTree } from "./run-tree.ts";
import type { State } from "./state.ts";

/** One thing that may happen next. */
export interface Move {
  to: State;
  /** For the story; not asked for unless there is one to tell. */
  says: () => string;
  breach: Breach | undefined;
}

/** The rules of one scenario's game. */
export interface Game {
  tree: RunTree;
  code: Code;
  /** Calls by pipelines carry this. */
  ask: { revokeOld: boolean } | undefined;
  person: readonly PersonDeed[];
  /** Entra's clock is ahead of ours by so much. */
  skew: number;
  /** The three reads of an observation are answered one by one, in any order. */
  splitReads: boolean;
  /** Timer and call runs at a time. */
  mostRuns: number;
}

export type PersonDeed = "removes the current credential" | "disables the current version" | "stores a secret by hand";

