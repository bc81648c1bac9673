/** Why something could not be read. */
export interface Unread {
  error: string;
  hint?: string;
}

/** What was read, or why that failed: no part hides the others. Never throws. */
export async function orUnread<T>(read: () => Promise<T>): Promise<T | Unread> {
  try {
    return await read();
  } catch (error) {
    const hint = error instanceof Error && "hint" in error ? { hint: String(error.hint) } : {};
    return { error: error instanceof Error ? error.message : String(error), ...hint };
  }
}
