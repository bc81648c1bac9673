import { eventIn, PAST } from "../../journey/event-in.ts";
import type { LogEntry } from "../../local/host/log.ts";

/** The steps that the log tells of, in order, each with how often it came in a row: "issued, prove waits ×2, proven". */
export function traceOf(log: readonly LogEntry[]): string {
  const words = log.flatMap((line) => stepIn(line) ?? []);
  const told: { word: string; times: number }[] = [];
  for (const word of words) {
    const last = told.at(-1);
    if (last?.word === word) last.times += 1;
    else told.push({ word, times: 1 });
  }
  return told.map(({ word, times }) => (times === 1 ? word : `${word} ×${times}`)).join(", ");
}

function stepIn(line: LogEntry): string | undefined {
  const { event, step = "", state } = eventIn(line) ?? {};
  if (event !== "step" || (state !== "done" && state !== "waiting")) return undefined;
  // A check that finds nothing changes nothing.
  if (step === "check" && state === "done") return undefined;
  const word = step.replaceAll("-", " ");
  return state === "waiting" ? `${word} waits` : (PAST[step] ?? word);
}
