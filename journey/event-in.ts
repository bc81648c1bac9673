import type { LogEvent } from "../shared/log.ts";

/** One event as it is read back from the log. */
export interface ReadEvent {
  event: LogEvent["event"];
  message: string;
  deployment?: string;
  credential?: string;
  step?: string;
  state?: "planned" | "begun" | "done" | "waiting" | "failed";
  code?: string;
  hint?: string;
  keyId?: string;
  functionName: string;
}

/** What is said of each step once it is done. */
export const PAST: Readonly<Record<string, string>> = {
  issue: "issued",
  prove: "proven",
  promote: "promoted",
  push: "pushed",
  confirm: "confirmed",
  retire: "retired",
};

/** The event that a line of the app's log tells; undefined for the host's own lines. */
export function eventIn({ message }: { message: string }): ReadEvent | undefined {
  if (!message.startsWith('{"message":')) return undefined;
  return JSON.parse(message);
}
