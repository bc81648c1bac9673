import { describe, expect, it } from "vitest";
import type { LogEvent } from "../../shared/log.ts";
import { type Context, logEvent, logTo } from "../../shared/triggers/log-event.ts";

const step = { event: "step", step: "check", because: "due", target: "key-1", message: "check" } as const;

/** At which level an event is written, and the line. */
function written(event: LogEvent): { level: string; text: string } {
  const lines: { level: string; text: string }[] = [];
  const at = (level: string) => (text: string) => void lines.push({ level, text });
  const levels = { debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") };
  const context: Context = { functionName: "rotate-credential", invocationId: "run-1", ...levels };
  logEvent(context, event);
  const [line, ...more] = lines;
  if (!line || more.length > 0) throw new Error(`${lines.length} lines were written`);
  return line;
}

describe("logEvent()", () => {
  it.each<[level: string, what: string, event: LogEvent]>([
    ["error", "a step that failed", { ...step, state: "failed", code: "vault-forbidden" }],
    ["error", "a look that failed", { event: "look", state: "failed", message: "look" }],
    ["error", "a pipeline that failed", { event: "pipeline", state: "failed", target: "p", message: "pipeline" }],
    ["error", "trouble", { event: "trouble", message: "the queue does not answer" }],
    [
      "error",
      "a current secret that failed its check",
      { ...step, state: "waiting", code: "current-secret-untrusted" },
    ],
    ["error", "an answer of 500", { event: "refused", status: 500, message: "refused" }],
    ["warn", "an answer of 499", { event: "refused", status: 499, message: "refused" }],
    ["warn", "an event that is somebody else's", { event: "ignored", foreign: true, message: "ignored" }],
    ["info", "an event that needs no work", { event: "ignored", message: "ignored" }],
    ["info", "a step that waits for time alone", { ...step, state: "waiting", code: "replication-pending" }],
    ["info", "a step that is done", { ...step, state: "done" }],
    ["debug", "a step that begins", { ...step, state: "begun" }],
  ])("writes at level %s of %s", (level, _, event) => {
    expect(written(event).level).toBe(level);
  });

  it("writes the sentence first, and the run that it belongs to", () => {
    expect(written({ event: "note", message: "queued" }).text).toBe(
      '{"message":"queued","event":"note","functionName":"rotate-credential","invocationId":"run-1"}',
    );
  });

  it("is what a run logs with", () => {
    const lines: string[] = [];
    const at = () => {};
    const levels = { debug: at, info: (line: string) => void lines.push(line), warn: at, error: at };
    logTo({ functionName: "f", invocationId: "1", ...levels })({ event: "note", message: "queued" });
    expect(lines).toEqual(['{"message":"queued","event":"note","functionName":"f","invocationId":"1"}']);
  });

  it("writes no token, whatever field it stands in", () => {
    const token = `eyJ${"a".repeat(30)}.eyJ${"b".repeat(30)}.${"c".repeat(43)}`;
    const { text } = written({ ...step, state: "failed", message: `refused ${token}`, hint: `drop ${token}` });
    expect(text).not.toContain(token);
    expect(text).toContain("refused ");
  });

  it("cuts each text after 1,000 characters", () => {
    const { text } = written({ event: "note", message: "m".repeat(1001) });
    expect(JSON.parse(text).message).toBe("m".repeat(1000));
  });
});
