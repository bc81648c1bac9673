import type { ProblemCode, WaitingCode } from "../problems/problems.ts";
import type { Delivery, Stored } from "./stored.ts";

/** The steps of every rotation; a token is neither proven nor checked nor retired. */
export type StepKind = "issue" | "prove" | "promote" | "push" | "confirm" | "check" | "retire";

/** What answers and logs tell of any credential's step; the reason in words, the target an id or the secret's name. */
export interface Step {
  kind: StepKind;
  because: string;
  target: string;
  /** What the operator should know before it is taken. */
  affects?: string | undefined;
}

/**
 * What came of a step: done, or to be waited for; both say something for the log. With `until` it comes by itself at
 * that time; before `lookOn` going on is of no use.
 */
export type Applied =
  | { state: "done"; detail: string; delivery?: Delivery; keyId?: string; version?: string }
  | { state: "waiting"; code: WaitingCode; detail: string; until?: Date; lookOn?: Date };

/** What comes by itself, and when. */
export interface Later {
  kind: StepKind;
  on: Date;
  target: string;
}

export interface StepReport extends Step {
  state: "planned" | "done" | "waiting";
  /** What it waits for. */
  code?: WaitingCode;
  /** Of one that hands on: how it is known that it arrived. */
  delivery?: Delivery;
}

/** What an answer tells of a step. */
export function report(
  step: Step,
  state: StepReport["state"],
  more: Pick<StepReport, "code" | "delivery"> = {},
): StepReport {
  const { kind, because, target, affects } = step;
  return { kind, because, target, state, ...more, ...(affects ? { affects } : {}) };
}

/** What a run came to. */
export interface Outcome {
  steps: StepReport[];
  /** What is current is delivered, and nothing that was asked for is outstanding. */
  converged: boolean;
  /** Why steps must wait. */
  waitingFor?: string;
  /** Before that a look at what is waited for is of no use. */
  lookOn?: Date;
  later: Later[];
  /** The latest version in the vault, as the last look at the world showed it. */
  current: Stored | undefined;
  /** Why there is nothing to rotate: this deployment does without such a credential. */
  unused?: string;
  /** Why that is all that is known: the service that did not answer. */
  unseen?: ProblemCode;
}
