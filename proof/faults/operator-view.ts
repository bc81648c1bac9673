import { eventIn } from "../../journey/event-in.ts";
import type { LogEntry } from "../../local/host/log.ts";
import type { Seen } from "./scene.ts";
import { shorten } from "./shorten.ts";

/** More would not be read. */
const MOST = 4;

/** What an operator saw: the answers of the calls, and what is red or yellow in the log; each once. */
export function seenBy(answers: readonly Seen[], log: readonly LogEntry[]): string[] {
  const calls = answers.map(({ call, answer }) => {
    const { detail, hint, waitingFor, code } = answer.body as Record<string, string | undefined>;
    const said = detail ?? waitingFor ?? waitingIn(answer.body.steps);
    const again = answer.retryAfter > 0 ? ` (Retry-After: ${answer.retryAfter})` : "";
    const told = [said, hint && `Hint: ${hint}`].filter(Boolean).join(". ");
    return `${call}: ${answer.status}${code ? ` ${code}` : ""}${again}${told ? ` ${shorten(told)}` : ""}`;
  });
  const heard = calls.join("\n");
  const lines = log.flatMap((line) => {
    const { level, message, functionName } = line;
    const event = eventIn(line);
    // What was refused was answered.
    if ((level !== "error" && level !== "warning") || event?.event === "refused") return [];
    const [, thrown] = /^Exception: (.*)$/m.exec(message) ?? [];
    const text = shorten(event ? [event.message, event.hint].filter(Boolean).join(". ") : (thrown ?? message));
    // A run that the timer reports as failed has said why, line by line; an answer has said it to the caller.
    if (/^Cannot rotate .*: the log of this run says why$/.test(text) || heard.includes(text)) return [];
    return [`log of ${functionName ?? "the host"}: ${level}, ${text}`];
  });
  const seen = counted([...calls, ...lines]);
  if (seen.length === 0) return ["nothing red"];
  return seen.length > MOST ? [...seen.slice(0, MOST), `and ${seen.length - MOST} more`] : seen;
}

function waitingIn(steps: { kind: string; state: string }[] = []): string {
  const waiting = steps.filter(({ state }) => state === "waiting").map(({ kind }) => `${kind} waits`);
  return [...new Set(waiting)].join(", ");
}

function counted(lines: string[]): string[] {
  const times = new Map<string, number>();
  for (const line of lines) times.set(line, (times.get(line) ?? 0) + 1);
  return [...times].map(([line, count]) => (count === 1 ? line : `${line} (${count} times)`));
}
