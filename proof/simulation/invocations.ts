import { ContinuableError, StalledError, UpstreamError } from "../../shared/errors.ts";
import { HOST_TIME_OUT } from "../../shared/limits.ts";
import type { Ask } from "../../shared/rotation/order.ts";
import type { Journal } from "./journal.ts";
import type { Run, Trigger } from "./run.ts";
import type { Timeline } from "./timeline.ts";

/** What a run came to, as whoever started it sees it; a killed one answers nothing but a broken connection. */
export type Answer =
  | { kind: "converged" | "waiting"; issuedBefore: Date | undefined; steps: number }
  | { kind: "failed"; error: unknown }
  | { kind: "broken off" };

export interface Options {
  timeline: Timeline;
  journal: Journal;
  /** The app's processes, of which each run gets one. */
  instances: number;
  /** A run has come to its end, one way or another. */
  over(run: Run, answer: Answer): void;
}

/** A function of the app that is called. */
export interface Invocation {
  trigger: Trigger;
  deployment?: string;
  ask?: Ask | undefined;
  answered?: (answer: Answer) => void;
  /** What it does. */
  enter(run: Run, beganOn: Date): Promise<Answer>;
}

/** Invocations of the app's functions, from their start to their end or death. */
export function invocations({ timeline, journal, instances, over }: Options) {
  const alive = new Set<Run>();
  const waiting = new Map<Run, (answer: Answer) => void>();
  let runs = 0;

  const end = (run: Run, answer: Answer): void => {
    if (run.state !== "alive") return;
    run.state = answer.kind === "failed" ? "failed" : answer.kind === "broken off" ? "killed" : "ended";
    alive.delete(run);
    over(run, answer);
    const answered = waiting.get(run);
    waiting.delete(run);
    answered?.(answer);
  };
  const fail = (run: Run, failure: unknown): void => {
    const error = failure instanceof ContinuableError ? failure.cause : failure;
    const message = error instanceof Error ? error.message : String(error);
    const hint = error instanceof StalledError ? ` (${error.hint})` : "";
    journal.note(run.name, `failed: ${message}${hint}`);
    const expected =
      error instanceof UpstreamError || error instanceof StalledError || message.startsWith("Cannot rotate");
    if (!expected)
      journal.breaks("no unexpected failure", `${run.name}: ${error instanceof Error ? error.stack : message}`);
    end(run, { kind: "failed", error: failure });
  };
  const start = ({ trigger, deployment, ask, answered, enter }: Invocation): Run => {
    runs += 1;
    const beganAt = timeline.now();
    const instance = runs % instances;
    const name = `${trigger}-${runs}`;
    const run: Run = { name, trigger, deployment, instance, beganAt, state: "alive", ask, issued: 0 };
    journal.count(`runs by ${trigger}`);
    alive.add(run);
    if (answered) waiting.set(run, answered);
    timeline.after(HOST_TIME_OUT, () => kill(run, "by the host, after ten minutes"));
    enter(run, new Date(beganAt)).then(
      (answer) => end(run, answer),
      (error: unknown) => fail(run, error),
    );
    return run;
  };
  const kill = (run: Run, because: string): void => {
    if (run.state !== "alive") return;
    journal.note(run.name, `killed ${because}`);
    journal.count("runs killed");
    end(run, { kind: "broken off" });
  };
  /** The process of the run ends, and whatever else runs in it. */
  const crash = (run: Run, because: string): void => {
    kill(run, because);
    for (const one of [...alive]) if (one.instance === run.instance) kill(one, `with ${run.name}`);
  };
  return { alive, start, kill, crash };
}
