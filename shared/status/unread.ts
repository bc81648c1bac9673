import { codeOf, ProblemError } from "../errors.ts";
import type { ProblemCode } from "../problems/problems.ts";
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
