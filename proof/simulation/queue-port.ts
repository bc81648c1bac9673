import type { WorkQueue } from "../../shared/engine/ports.ts";
import { QUEUE_TIME_OUT } from "../../shared/limits.ts";
import type { Network } from "./network.ts";
import type { Queue } from "./queue.ts";
import type { Run } from "./run.ts";

/** The queue as one run reaches it. */
export function queuePort({ network, queue }: { network: Network; queue: Queue }, run: Run): WorkQueue {
  const call = <T>(action: string, write: boolean, effect: () => T): Promise<T> =>
    network.call(run, { service: "Storage", action: `${action} the queue`, write, timeout: QUEUE_TIME_OUT, effect });
  return {
    send: (message, sending) => call("send to", true, () => queue.put(message, sending)),
    state: () => call("look at", false, () => ({ notes: queue.notes(), messages: queue.waiting() })),
    note: (notes) => call("note the timer's run with", true, () => queue.note(notes)),
    poisoned: async () => queue.poisoned(),
  };
}
