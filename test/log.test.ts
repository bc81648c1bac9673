import { describe, expect, it } from "vitest";
import { NotYetError, StalledError } from "../shared/errors.ts";
import {
  eventIgnored,
  type LogEvent,
  messageIgnored,
  remedyOf,
  stepPlanned,
  stepWaits,
  type Taken,
  takeStep,
  trouble,
} from "../shared/log.ts";

const step = { kind: "push", because: "not delivered", target: "key-1" };
const about = { event: "step", step: "push", because: "not delivered", target: "key-1" };
const begun = { ...about, state: "begun", message: "subject: starting push key-1 (not delivered)" };

/** What is told of a step that comes to this. */
async function told(take: () => Promise<Taken>): Promise<LogEvent[]> {
  const events: LogEvent[] = [];
  const log = (event: LogEvent) => void events.push(event);
  await takeStep(step, { subject: "subject", log, tell: (taken) => taken }, take).catch(() => undefined);
  return events;
}

describe("takeStep()", () => {
  it("tells of the beginning, and of the end with its ids", async () => {
    const taken = { state: "done", detail: "pushed", keyId: "key-1", version: "v1" } as const;
    expect(await told(async () => taken)).toEqual([
      begun,
      { ...about, state: "done", keyId: "key-1", version: "v1", message: "subject: pushed" },
    ]);
  });

  it("tells what a step waits for, whether it says so or throws it", async () => {
    const waiting = {
      ...about,
      state: "waiting",
      code: "replication-pending",
      message: "subject: push is waiting (replication-pending): not yet",
    };
    const taken = { state: "waiting", code: "replication-pending", detail: "not yet" } as const;
    expect(await told(async () => taken)).toEqual([begun, waiting]);
    const thrown = new NotYetError("replication-pending", "not yet", { retryAfterSeconds: 1 });
    expect(await told(() => Promise.reject(thrown))).toEqual([begun, waiting]);
  });

  it("tells of a failure with its code and what to do, and throws it", async () => {
    const failure = new StalledError("vault-forbidden", "no right", { hint: "give the role" });
    expect(await told(() => Promise.reject(failure))).toEqual([
      begun,
      {
        ...about,
        state: "failed",
        code: "vault-forbidden",
        hint: "give the role",
        message: "subject: push failed (vault-forbidden): no right",
      },
    ]);
    const take = () => Promise.reject(failure);
    await expect(takeStep(step, { subject: "subject", log: () => {} }, take)).rejects.toBe(failure);
  });

  it("tells of a step that says nothing of its end that it was done, and answers with what it came to", async () => {
    const events: LogEvent[] = [];
    const log = (event: LogEvent) => void events.push(event);
    expect(await takeStep(step, { subject: "subject", log }, async () => 7)).toBe(7);
    expect(events.at(-1)).toEqual({ ...about, state: "done", message: "subject: push key-1 (not delivered)" });
  });
});

describe("a line of the log", () => {
  const told = (tell: (how: { subject: string; log: (event: LogEvent) => void }) => void): LogEvent[] => {
    const events: LogEvent[] = [];
    tell({ subject: "subject", log: (event) => void events.push(event) });
    return events;
  };

  it("tells what a step waits for that has not begun, and what a dry run would do", () => {
    const pending = { code: "pipelines-running", detail: "two run" } as const;
    expect(told((how) => stepWaits(step, how, pending))).toEqual([
      {
        ...about,
        state: "waiting",
        code: "pipelines-running",
        message: "subject: push is waiting (pipelines-running): two run",
      },
    ]);
    expect(told((how) => stepPlanned(step, how))).toEqual([
      { ...about, state: "planned", message: "subject, dry run: push key-1 (not delivered)" },
    ]);
  });

  it("tells why an event or a message was ignored", () => {
    expect(eventIgnored("no work")).toEqual({ event: "ignored", message: "event ignored: no work" });
    expect(eventIgnored("not ours", { foreign: true })).toMatchObject({ foreign: true });
    expect(messageIgnored("gone")).toEqual({ event: "ignored", message: "message ignored: gone", foreign: true });
  });

  it("tells of trouble with its code, and what to do where that is known", () => {
    const failure = new StalledError("vault-forbidden", "no right", { hint: "give the role" });
    expect(trouble("Cannot note it", failure)).toEqual({
      event: "trouble",
      message: "Cannot note it: no right",
      code: "vault-forbidden",
      hint: "give the role",
    });
    expect(remedyOf("broken")).toEqual({ code: "internal-error", hint: undefined });
  });
});
