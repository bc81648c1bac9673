import { type Condition, holds, lacks } from "./condition.ts";
import type { describeEngine } from "./engine.ts";
import { explained, isUnread, severityOf, type Unread } from "./unread.ts";

type Engine = Awaited<ReturnType<typeof describeEngine>> | Unread;

/** What holds of the app itself, whatever it serves: `TimerRuns`, `QueueClear` and `DeploymentsRead`. Pure. */
export function appConditions(engine: Engine, faults: readonly string[]): Condition[] {
  return [...(isUnread(engine) ? unseen(engine) : [timerRuns(engine), queueClear(engine)]), deploymentsRead(faults)];
}

function unseen(unread: Unread): Condition[] {
  const { code } = unread;
  const about = { status: "Unknown", verdict: severityOf(code), reason: code, message: explained(unread) } as const;
  return [
    { type: "TimerRuns", ...about },
    { type: "QueueClear", ...about },
  ];
}

function timerRuns({ timer }: Exclude<Engine, Unread>): Condition {
  if (timer.silent) {
    return {
      ...lacks("TimerRuns", ["attention", "timer-silent"], timer.hint ?? "The timer does not run"),
      since: timer.ranOn,
    };
  }
  if (!timer.ranOn) {
    const message = "The timer has not run yet, as far as is known";
    return { type: "TimerRuns", status: "Unknown", verdict: "healthy", reason: "timer-unseen", message };
  }
  return holds("TimerRuns", "timer-runs", "The timer runs", timer.ranOn);
}

function queueClear({ queue }: Exclude<Engine, Unread>): Condition {
  if (queue.poisoned === 0) return holds("QueueClear", "queue-clear", "Nothing has failed for good");
  return lacks("QueueClear", ["attention", "work-failed"], queue.hint ?? "Some work has failed for the last time");
}

function deploymentsRead(faults: readonly string[]): Condition {
  if (faults.length === 0) return holds("DeploymentsRead", "deployments-read", "All deployments are served");
  return lacks(
    "DeploymentsRead",
    ["failing", "deployments-faulty"],
    `Something is wrong with the list: ${faults.join("; ")}`,
  );
}
