import { codeOf, ProblemError } from "../errors.ts";
import { PROBLEMS, type ProblemCode } from "../problems/problems.ts";
import { messageOf } from "../retry.ts";

/** Why something could not be read. */
export interface Unread {
  error: string;
  code: ProblemCode;
  hint?: string;
}

/** What was read, or why that failed: no part hides the others. Never throws. */
export async function orUnread<T>(read: () => Promise<T>): Promise<T | Unread> {
  try {
    return await read();
  } catch (error) {
    const hint = error instanceof ProblemError ? { hint: error.hint } : {};
    return { error: messageOf(error), code: codeOf(error), ...hint };
  }
}

/** Was this part not read? */
export function isUnread(part: object): part is Unread {
  return "error" in part;
}

/** What it amounts to that something cannot be read: what passes by itself needs a look at most. Pure. */
export function severityOf(code: ProblemCode): "attention" | "failing" {
  const passes: readonly number[] = [202, 503];
  return passes.includes(PROBLEMS[code].status) || code === "internal-error" ? "attention" : "failing";
}

/** What failed and what to do about it, in one text. */
export function explained({ error, hint }: Unread): string {
  return hint === undefined ? error : `${error}. ${hint}`;
}
