import { describe, expect, it } from "vitest";
import { judgeStatus, readStatus } from "../../operator/doctor/status.ts";

/** What the doctor makes of what the app says of its timer and queue, as "state what". */
function judged(engine: object): string[] {
  const status = readStatus({ on: "2031-01-01T12:00:00Z", engine, deployments: [] });
  if (!status) throw new Error("this is no status");
  return judgeStatus(status).map(({ state, what, do: todo }) => [state, what, todo].filter(Boolean).join(" | "));
}

describe("what carries the work, asked of the app itself", () => {
  it("is well where the timer runs and nothing was given up", () => {
    const timer = { ranOn: "2031-01-01T12:00:00Z", silent: false };
    expect(judged({ timer, queue: { messages: 3, poisoned: 0 } })).toEqual([
      "ok | the app's timer ran at 2031-01-01T12:00:00Z",
    ]);
  });

  it("is red where the timer is silent, or work has failed for good, with the app's own hint", () => {
    const timer = { silent: true, hint: "Restart the app" };
    expect(judged({ timer, queue: { messages: 0, poisoned: 2, hint: "See docs/queues.md" } })).toEqual([
      "red | the app says that its timer has not run when it should | Restart the app",
      "red | 2 messages of the app's work have failed for good | See docs/queues.md",
    ]);
  });

  it("is red where the app cannot see it", () => {
    expect(judged({ error: "Cannot read the queue", hint: "Grant it" })).toEqual([
      "red | Cannot read the queue | Grant it",
    ]);
  });
});
