import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import type { Report } from "./year.ts";

/** What a worker is told to do, and what it answers. */
export interface Task {
  seed: number;
  days: number;
}

/** Simulates many seeds, on as many threads as there are processors; reports come in no order. */
export async function simulateMany(tasks: readonly Task[], reported: (report: Report) => void): Promise<void> {
  const left = tasks.toReversed();
  const threads = Array.from({ length: Math.min(availableParallelism(), tasks.length) }, () =>
    oneThread(left, reported),
  );
  await Promise.all(threads);
}

function oneThread(left: Task[], reported: (report: Report) => void): Promise<void> {
  const worker = new Worker(new URL("./worker.ts", import.meta.url));
  return new Promise<void>((resolve, reject) => {
    const next = (): void => {
      const task = left.pop();
      if (task) worker.postMessage(task);
      else resolve();
    };
    worker.on("error", reject);
    worker.on("message", (report: Report) => {
      reported(report);
      next();
    });
    next();
  }).finally(() => worker.terminate());
}
