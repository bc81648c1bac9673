import { randomUUID } from "node:crypto";
import type { Clock } from "../../clock.ts";
import type { Mechanism } from "./mechanism.ts";

/** How an execution can stand (`pipelineState` of the published schemas that all releases know). */
export type RunState = "queued" | "running" | "success" | "failed" | "partialSuccess";

/** One execution of a pipeline. Times are epoch milliseconds, as on the wire. */
export interface Run {
  runId: string;
  state: RunState;
  /** When it was asked for. */
  timestamp: number;
  /** When it began; a queued one has not. */
  startDate?: number | undefined;
  endDate?: number | undefined;
  /** What it signs in with from its beginning to its end, whatever is deployed meanwhile. */
  holds?: Mechanism | undefined;
}

/** What can run. */
export interface Runnable {
  name: string;
  deployed: boolean;
  /** What the bot held when it was last deployed: it signs in with this, whatever the bot holds now. */
  pinned?: Mechanism | undefined;
  /** Its executions, oldest first; at most one has not ended. */
  runs: Run[];
}

/** How a run is asked for: waiting for its turn first, or ending by itself, successfully, after so many minutes. */
export interface RunWish {
  queued?: boolean;
  minutes?: number;
}

const MINUTE = 60 * 1000;

/** Starts a run of a deployed pipeline, or lets it begin that waits in the queue; throws while another one runs. */
export function startRun(pipeline: Runnable, { queued = false, minutes }: RunWish, clock: Clock): Run {
  if (!pipeline.deployed) throw new Error(`Cannot run pipeline "${pipeline.name}": it is not deployed`);
  const unfinished = unfinishedRun(pipeline);
  if (unfinished?.state === "running") throw new Error(`Cannot run pipeline "${pipeline.name}": it runs already`);
  const now = clock.now().getTime();
  const run: Run = unfinished ?? { runId: randomUUID(), state: "queued", timestamp: now };
  if (!unfinished) pipeline.runs.push(run);
  if (!queued) Object.assign(run, { state: "running", startDate: now, holds: pipeline.pinned });
  const end = (): void => {
    if (run.endDate === undefined) finish(run, "success", clock);
  };
  if (minutes !== undefined) clock.at(new Date(now + minutes * MINUTE), end);
  return run;
}

/** Ends the run that is under way, or takes it out of the queue; throws when there is none. */
export function endRun(pipeline: Runnable, state: Exclude<RunState, "queued" | "running">, clock: Clock): Run {
  const run = unfinishedRun(pipeline);
  if (!run) throw new Error(`Cannot end a run of pipeline "${pipeline.name}": none is under way`);
  return finish(run, state, clock);
}

/** What a pipeline signs in with: a run that is under way with what it began with, otherwise what was deployed. */
export function signsInWith(pipeline: Pick<Runnable, "pinned" | "runs">): Mechanism | undefined {
  const running = pipeline.runs.find(({ state }) => state === "running");
  return running ? running.holds : pipeline.pinned;
}

/** The run as the API shows it. */
export function runAnswer({ runId, state, timestamp, startDate, endDate }: Run): object {
  return { runId, pipelineState: state, startDate, timestamp, endDate };
}

function unfinishedRun({ runs }: Runnable): Run | undefined {
  return runs.find(({ endDate }) => endDate === undefined);
}

function finish(run: Run, state: RunState, clock: Clock): Run {
  return Object.assign(run, { state, endDate: clock.now().getTime() });
}
