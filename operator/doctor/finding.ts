/** What was looked at, how it is, and what a person does about it. Holds no secret. */
export interface Finding {
  check: string;
  /** `unseen`: whoever asks may not look, or was not told where. */
  state: "ok" | "notice" | "unseen" | "red";
  what: string;
  do?: string | undefined;
}

export function ok(check: string, what: string): Finding {
  return { check, state: "ok", what };
}

export function red(check: string, what: string, todo: string | undefined): Finding {
  return { check, state: "red", what, do: todo };
}

export function notice(check: string, what: string, todo?: string): Finding {
  return { check, state: "notice", what, do: todo };
}

export function unseen(check: string, what: string, todo?: string): Finding {
  return { check, state: "unseen", what, do: todo };
}

/** One line for a finding, and one for what to do. What services say becomes plain text. */
export function shown({ check, state, what, do: todo }: Finding): string {
  const plain = (text: string): string => text.replace(/\p{Cc}+/gu, " ");
  const line = `${state.padEnd(7)} ${check.padEnd(14)} ${plain(what)}\n`;
  return todo === undefined || state === "ok" ? line : `${line}${" ".repeat(23)}do: ${plain(todo)}\n`;
}
