import type { WorkQueue } from "../engine/ports.ts";
import { isReplaced, silenceOf, timerState } from "../engine/timer-watch.ts";

/** The queue of the work, and all that messages are taken from, by name. */
export interface Queues {
  work: Pick<WorkQueue, "state">;
  all: Readonly<Record<string, Pick<WorkQueue, "poisoned">>>;
}

/** Whether timer and queues do their part: when the timer ran, and how much waits or has failed for good. */
export async function describeEngine({ work, all }: Queues, now: Date) {
  const [{ notes, messages }, ...counted] = await Promise.all([
    work.state(),
    ...Object.entries(all).map(async ([name, queue]) => ({ name, poisoned: await queue.poisoned() })),
  ]);
  const poisoned = counted.reduce((sum, one) => sum + one.poisoned, 0);
  const timer = timerState(notes);
  const isSilent = timer !== undefined && now >= timer.silentOn;
  return {
    timer: {
      ranOn: timer?.ranOn,
      nextOn: timer?.nextOn,
      silent: isSilent,
      ...(isSilent
        ? { sweptInsteadOn: timer.sweptOn, hint: silenceOf(timer, { replaced: isReplaced(timer, now) }) }
        : {}),
    },
    queue: {
      messages,
      poisoned,
      ...(poisoned > 0
        ? {
            hint: `${givenUp(counted)} failed too often and were given up: docs/queues.md says how to look at them and repeat them`,
          }
        : {}),
    },
  };
}

function givenUp(counted: readonly { name: string; poisoned: number }[]): string {
  const each = counted.flatMap(({ name, poisoned }) => (poisoned > 0 ? [`${poisoned} in ${name}-poison`] : []));
  return `Some messages (${each.join(", ")})`;
}
