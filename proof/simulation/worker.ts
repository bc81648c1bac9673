import { parentPort } from "node:worker_threads";
import { simulate } from "./year.ts";
import type { Task } from "./years-in-parallel.ts";

parentPort?.on("message", async (task: Task) => {
  const report = await simulate(task);
  // A history has thousands of lines; only that of a failure is read.
  parentPort?.postMessage(report.broken ? report : { ...report, history: [] });
});
