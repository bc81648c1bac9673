import type { LogEntry } from "../../local/host/log.ts";

/** The steps that the log tells of, in order, each with how often it came in a row: "issued, prove waits ×2, proven". */
export function traceOf(log: readonly LogEntry[]): string {
  const words = log.flatMap(({ message }) => stepIn(message) ?? []);
  const told: { word: string; times: number }[] = [];
  for (const word of words) {
    const last = told.at(-1);
    if (last?.word === word) last.times += 1;
    else told.push({ word, times: 1 });
  }
  return told.map(({ word, times }) => (times === 1 ? word : `${word} ×${times}`)).join(", ");
}

function stepIn(message: string): string | undefined {
  const [, waits] = /^rotation of "[^"]+": (\w+) waits \([\w-]+\): /.exec(message) ?? [];
  if (waits) return `${waits} waits`;
  const [, done] =
    /^(?:rotation|push) of "[^"]+": (issued|proven|promoted|pushed|confirmed|retired)\b/.exec(message) ?? [];
  if (done) return done;
  const [, step] = /^(?:provisioning|consent): ([a-z-]+) /.exec(message) ?? [];
  return step?.replaceAll("-", " ");
}
