import type { Message } from "../../shared/engine/message.ts";
import type { WorkQueue } from "../../shared/engine/ports.ts";

export const START = new Date("2031-03-03T12:00:00Z");

/** A queue in memory, whose time is moved by hand. */
export function memoryQueue() {
  let messages: { message: Message; visibleOn: number; endsOn: number }[] = [];
  let notes: Record<string, string> = {};
  const queue = {
    now: START,
    down: false,
    send: async (message: Message, { delay, life = Number.POSITIVE_INFINITY }: { delay: number; life?: number }) => {
      answers();
      // As it travels.
      const copy = JSON.parse(JSON.stringify(message));
      const now = queue.now.getTime();
      messages.push({ message: copy, visibleOn: now + delay, endsOn: now + life });
    },
    state: async () => {
      answers();
      return { notes, messages: messages.length };
    },
    note: async (given: Record<string, string>) => {
      answers();
      notes = given;
    },
    poisoned: async () => 0,
    /** Moves the time to the next message, and takes it out; undefined where none comes until then. */
    take(until: Date): Message | undefined {
      const [next] = messages
        .filter(({ visibleOn, endsOn }) => visibleOn <= until.getTime() && endsOn > visibleOn)
        .toSorted((a, b) => a.visibleOn - b.visibleOn);
      queue.now = next ? new Date(Math.max(next.visibleOn, queue.now.getTime())) : until;
      messages = messages.filter((one) => one !== next);
      return next?.message;
    },
    waiting: () =>
      messages.map(({ message, visibleOn }) => ({ ...message, minutes: (visibleOn - queue.now.getTime()) / 60_000 })),
    clear() {
      messages = [];
    },
  } satisfies WorkQueue & Record<string, unknown>;
  const answers = (): void => {
    if (queue.down) throw new Error("storage is down");
  };
  return queue;
}
