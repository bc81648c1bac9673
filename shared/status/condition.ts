import type { ProblemCode } from "../problems/problems.ts";
import type { Reason } from "./reasons.ts";

/**
 * `healthy`: all is well, or merely waits its time. `attention`: everything works, and somebody should look before it no
 * longer does. `failing`: something does not work, or cannot go on without a person.
 */
export type Verdict = "healthy" | "attention" | "failing";

export type ConditionType =
  | "Ready"
  | "Delivered"
  | "Rotating"
  | "Blocked"
  | "Provisioned"
  | "Reachable"
  | "Admitted"
  | "Permitted"
  | "Hardened"
  | "TimerRuns"
  | "QueueClear"
  | "DeploymentsRead";

/** One thing that holds or does not, in the manner of cert-manager (cert-manager.io, "Certificate" API: conditions). */
export interface Condition {
  type: ConditionType;
  status: "True" | "False" | "Unknown";
  /** What it alone amounts to. */
  verdict: Verdict;
  reason: Reason | ProblemCode;
  /** For people. */
  message: string;
  /** undefined where nothing noted it. */
  since?: Date | undefined;
}

/** A condition in one line: its type, whether it holds and what that amounts to, why, and in words. */
export function holds(type: ConditionType, reason: Condition["reason"], message: string, since?: Date): Condition {
  return { type, status: "True", verdict: "healthy", reason, message, ...(since ? { since } : {}) };
}

/** One that is not as it ought to be. */
export function lacks(
  type: ConditionType,
  [verdict, reason]: readonly [Verdict, Condition["reason"]],
  message: string,
): Condition {
  return { type, status: "False", verdict, reason, message };
}

const WORST_FIRST: readonly Verdict[] = ["failing", "attention", "healthy"];

/** The worst of several; nothing at all is healthy. */
export function worst(verdicts: readonly Verdict[]): Verdict {
  return WORST_FIRST.find((verdict) => verdicts.includes(verdict)) ?? "healthy";
}

/** How bad it is, the worst first: for sorting. */
export function rank(verdict: Verdict): number {
  return WORST_FIRST.indexOf(verdict);
}
