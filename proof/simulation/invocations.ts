import { ingestion } from "../../shared/delivery/ingestion.ts";
import { ContinuableError, StalledError, UpstreamError } from "../../shared/errors.ts";
import { HOST_TIME_OUT } from "../../shared/limits.ts";
import type { Ports } from "../../shared/rotation/client-secret/ports.ts";
import type { Ask } from "../../shared/rotation/order.ts";
import { deliveryPorts } from "./delivery-ports.ts";
import type { Journal } from "./journal.ts";
import type { Server } from "./open-metadata.ts";
import { rotationPorts, type Surroundings } from "./ports.ts";
import type { Run, Trigger } from "./run.ts";

/** Changes what the app is given, to see whether the simulation notices. */
export type Tamper = (ports: Ports, run: Run) => Ports;

/** What a run came to, as whoever started it sees it; a killed one answers nothing but a broken connection. */
export type Answer =
  | { kind: "converged" | "waiting"; issuedBefore: Date | undefined; steps: number }
  | { kind: "failed"; error: unknown }
  | { kind: "broken off" };

export interface Options {
  around: Surroundings;
  server: Server;
  journal: Journal;
  tamper?: Tamper | undefined;
  /** A run has come to its end, one way or another. */
  over(run: Run, answer: Answer): void;
}

/** What a function of the app does when it is called. */
export type Entry = (ports: Ports, beganOn: Date, run: Run) => Promise<Answer>;

/** Invocations of the app's functions, from their start to their end or death. */
export function invocations({ around, server, journal, tamper, over }: Options) {
  const { timeline } = around;
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
  const start = (trigger: Trigger, answered: (answer: Answer) => void, enter: Entry, ask?: Ask): Run => {
    runs += 1;
    const beganAt = timeline.now();
    const run: Run = { name: `${trigger}-${runs}`, trigger, beganAt, state: "alive", ask, issued: 0 };
    journal.count(`runs by ${trigger}`);
    alive.add(run);
    waiting.set(run, answered);
    timeline.after(HOST_TIME_OUT, () => kill(run, "by the host, after ten minutes"));
    const real = rotationPorts(around, run, ingestion(deliveryPorts(around, run, server)));
    const ports = tamper ? tamper(real, run) : real;
    enter(ports, new Date(beganAt), run).then(
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
  return { alive, start, kill };
}
