import { CALL_BUDGET, EVENT_BUDGET, TIMER_BUDGET } from "../../shared/limits.ts";
import { deliverCurrent } from "../../shared/rotation/client-secret/push.ts";
import { clientSecret, previewRotation } from "../../shared/rotation/client-secret/rotate.ts";
import type { Ask, Order, Policy } from "../../shared/rotation/order.ts";
import { rotateAll, rotateEach } from "../../shared/rotation/rotate-all.ts";
import { summarize } from "../../shared/rotation/summary.ts";
import { type Answer, type Entry, invocations, type Options } from "./invocations.ts";
import { CANARY } from "./registration.ts";
import type { Run } from "./run.ts";

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

export function host({ policy, ...options }: Options & { policy: Policy }): Host {
  const { around, journal } = options;
  const { timeline } = around;
  const { alive, start, kill } = invocations(options);
  const order = (beganOn: Date, budget: number, more: Partial<Order> = {}): Order => ({
    policy,
    beganOn,
    endsOn: new Date(beganOn.getTime() + budget),
    ...more,
  });
  const onSchedule =
    (budget: number): Entry =>
    async (ports, beganOn) => {
      await rotateAll(
        [clientSecret("ingestion-client-secret", ports)],
        order(beganOn, budget, { leavesPushToEvent: true }),
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
      void start("push-event", answered, async (ports, beganOn) => {
        await deliverCurrent(ports, new Date(beganOn.getTime() + EVENT_BUDGET));
        return { kind: "converged", issuedBefore: undefined, steps: 0 };
      }),
    post(askAt, answered) {
      const ask = askAt?.(new Date(timeline.now()));
      const enter: Entry = async (ports, beganOn, run) => {
        const rotations = [clientSecret("ingestion-client-secret", ports)];
        const call = { ...order(beganOn, CALL_BUDGET, { ask }), dryRun: false, named: true };
        const [rotated] = await rotateEach(rotations, call);
        if (!rotated) throw new Error("Cannot rotate: nothing came of it");
        const { outcome, issuedBefore } = rotated;
        const summary = summarize([rotated]);
        const text = JSON.stringify(summary);
        if (text.includes(CANARY)) journal.breaks("secrecy", `${run.name} answers ${text}`);
        const { converged, steps } = outcome;
        return { kind: converged ? "converged" : "waiting", issuedBefore, steps: steps.length };
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
