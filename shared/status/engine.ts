import type { WorkQueue } from "../engine/ports.ts";
import { silenceOf, timerState } from "../engine/timer-watch.ts";

/** Whether timer and queue do their part: when the timer ran, and how much waits or has failed for good. */
export async function describeEngine(queue: WorkQueue, now: Date) {
  const [{ notes, messages }, poisoned] = await Promise.all([queue.state(), queue.poisoned()]);
  const timer = timerState(notes);
  const isSilent = timer !== undefined && now >= timer.silentOn;
  return {
    timer: {
      ranOn: timer?.ranOn,
      nextOn: timer?.nextOn,
      silent: isSilent,
      ...(isSilent ? { sweptInsteadOn: timer.sweptOn, hint: silenceOf(timer) } : {}),
    },
    queue: {
      messages,
      poisoned,
      ...(poisoned > 0
        ? {
            hint: "Some messages failed too often and were given up: docs/queues.md says how to look at them and repeat them",
          }
        : {}),
    },
  };
}
