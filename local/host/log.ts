/** One line (or block of lines) of the host's log, as the console of `func start` groups it. */
export interface LogEntry {
  level: "trace" | "debug" | "information" | "warning" | "error";
  /** `Function.<name>` for the host's own lines about a run, `Function.<name>.User` for what the handler said. */
  category: string;
  message: string;
  functionName?: string;
  invocationId?: string;
}

/** Where every part of the host writes to. */
export type Log = (entry: LogEntry) => void;

/** Says something about the start or the end of the host itself. */
export function sayStartup(log: Log, level: LogEntry["level"], message: string): void {
  log({ level, category: "Host.Startup", message });
}
