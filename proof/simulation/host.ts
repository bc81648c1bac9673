import { ingestion } from "../../shared/delivery/ingestion.ts";
import { ContinuableError, StalledError, UpstreamError } from "../../shared/errors.ts";
import { CALL_BUDGET, EVENT_BUDGET, HOST_TIME_OUT, TIMER_BUDGET } from "../../shared/limits.ts";
import type { Ports } from "../../shared/rotation/client-secret/ports.ts";
import { deliverCurrent } from "../../shared/rotation/client-secret/push.ts";
import { clientSecret, previewRotation, rotate } from "../../shared/rotation/client-secret/rotate.ts";
import type { Ask, Order, Policy } from "../../shared/rotation/order.ts";
import { continuable } from "../../shared/rotation/request.ts";
import { rotateAll } from "../../shared/rotation/rotate-all.ts";
import { summarize } from "../../shared/rotation/summary.ts";
import { deliveryPorts } from "./delivery-ports.ts";
import { CANARY } from "./entra.ts";
import type { Journal } from "./journal.ts";
import type { Server } from "./open-metadata.ts";
import { rotationPorts, SECRET, type Surroundings } from "./ports.ts";
import type { Run, Trigger } from "./run.ts";

/** Changes what the app is given, to see whether the simulation notices. */
export type Tamper = (ports: Ports, run: Run) => Ports;

/** What a run came to, as whoever started it sees it; a killed one answers nothing but a broken connection. */
export type Answer =
  | { kind: "converged" | "waiting"; issuedBefore: Date | undefined; steps: number }
  | { kind: "failed"; error: unknown }
  | { kind: "broken off" };

/** The Functions host with the app in it: its entries, called as the real ones call the rotation. */
export interface Host {
  alive: ReadonlySet<Run>;
  /** Stopped: it answers nobody. */
  down: boolean;
  timer(answered?: (answer: Answer) => void): void;
  pushEvent(answered: (answer: Answer) => void): void;
  expiryEvent(answered: (answer: Answer) => void): void;
  post(ask: ((now: Date) => Ask) | undefined, answered: (answer: Answer) => void): Run;
  preview(answered: (answer: Answer) => void): void;
  kill(run: Run, because: string): void;
  /** Everything that runs dies. */
  stop(): void;
}

interface Options {
  policy: Policy;
  around: Surroundings;
  server: Server;
  journal: Journal;
  tamper?: Tamper | undefined;
  /** A run has come to its end, one way or another. */
  over(run: Run, answer: Answer): void;
}

export function host({ policy, around, server, journal, tamper, over }: Options): Host {
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
    around.log(run, `failed: ${message}${hint}`);
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
  const order = (beganOn: Date, budget: number, more: Partial<Order> = {}): Order => ({
    policy,
    beganOn,
    endsOn: new Date(beganOn.getTime() + budget),
    ...more,
  });
  const onSchedule =
    (budget: number): Entry =>
    async (ports, beganOn, run) => {
      await rotateAll(
        [clientSecret("ingestion-client-secret", ports)],
        order(beganOn, budget, { leavesPushToEvent: true }),
        (line) => around.log(run, line),
      );
      return { kind: "converged", issuedBefore: undefined, steps: 0 };
    };

  return {
    alive,
    down: false,
    kill,
    timer: (answered = () => {}) => void start("timer", answered, onSchedule(TIMER_BUDGET)),
    expiryEvent: (answered) => void start("expiry-event", answered, onSchedule(EVENT_BUDGET)),
    pushEvent: (answered) =>
      void start("push-event", answered, async (ports, beganOn, run) => {
        const { detail } = await deliverCurrent(ports, new Date(beganOn.getTime() + EVENT_BUDGET));
        around.log(run, `push of "${SECRET}": ${detail}`);
        return { kind: "converged", issuedBefore: undefined, steps: 0 };
      }),
    post(askAt, answered) {
      const ask = askAt?.(new Date(timeline.now()));
      const enter: Entry = async (ports, beganOn, run) => {
        const outcome = await rotate(ports, order(beganOn, CALL_BUDGET, { ask })).catch((error: unknown) => {
          throw continuable(error, ask);
        });
        const summary = summarize([{ rotation: clientSecret("ingestion-client-secret", ports), outcome }], ask);
        const text = JSON.stringify(summary);
        if (text.includes(CANARY)) journal.breaks("I9 secrecy", `${run.name} answers ${text}`);
        const { converged, steps } = outcome;
        return { kind: converged ? "converged" : "waiting", issuedBefore: ask?.issuedBefore, steps: steps.length };
      };
      return start("pipeline", answered, enter, ask);
    },
    preview: (answered) =>
      void start("preview", answered, async (ports, beganOn) => {
        const { steps, converged } = await previewRotation(ports, order(beganOn, CALL_BUDGET));
        return { kind: converged ? "converged" : "waiting", issuedBefore: undefined, steps: steps.length };
      }),
    stop: () => {
      for (const run of [...alive]) kill(run, "as the app is stopped");
    },
  };
}

type Entry = (ports: Ports, beganOn: Date, run: Run) => Promise<Answer>;
