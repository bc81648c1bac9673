import { type Leaving, leaveToQueue, sendSoon } from "../../shared/engine/leave.ts";
import { askIn, type Message, readMessage } from "../../shared/engine/message.ts";
import { sweep, turnedBy } from "../../shared/engine/sweep.ts";
import { noteTimerRun, silenceOf, silentTimer } from "../../shared/engine/timer-watch.ts";
import { workOff } from "../../shared/engine/work-off.ts";
import { CALL_BUDGET, EVENT_BUDGET, HOUR, TIMER_BUDGET, UNIT_BUDGET } from "../../shared/limits.ts";
import { type LogEvent, trouble } from "../../shared/log.ts";
import { previewRotation } from "../../shared/rotation/client-secret/rotate.ts";
import type { Ask, Order, Policy } from "../../shared/rotation/order.ts";
import type { Notebook } from "../../shared/rotation/progress.ts";
import type { Rotation } from "../../shared/rotation/rotatable.ts";
import { type Leave, rotateAll, rotateEach } from "../../shared/rotation/rotate-all.ts";
import { summarize } from "../../shared/rotation/summary.ts";
import { type Deployed, portsOf, rotationOf } from "./deployed.ts";
import { type Answer, invocations, type Options } from "./invocations.ts";
import type { Network } from "./network.ts";
import type { Queue } from "./queue.ts";
import { queuePort } from "./queue-port.ts";
import { CANARY } from "./registration.ts";
import type { Run } from "./run.ts";

type Answered = (answer: Answer) => void;

/** The Functions host with the app in it: its entries, called as the real ones call the rotation. */
export interface Host {
  alive: ReadonlySet<Run>;
  /** Stopped: it answers nobody. */
  down: boolean;
  timer(): void;
  /** A message of the queue has come. */
  message(text: string, attempt: number, answered: Answered): void;
  /** What is called about one deployment. */
  of(deployed: Deployed): HostOfDeployment;
  /** The process of the run ends. */
  crash(run: Run, because: string): void;
  /** Everything that runs dies. */
  stop(): void;
}

export interface HostOfDeployment {
  pushEvent(answered: Answered): void;
  expiryEvent(answered: Answered): void;
  post(ask: ((now: Date) => Ask) | undefined, answered: Answered): Run;
  preview(answered: Answered): void;
}

interface HostOptions extends Options {
  policy: Policy;
  deployments: readonly Deployed[];
  /** How the queue is reached. */
  network: Network;
  queue: () => Queue;
  random(): number;
  log(run: Run, event: LogEvent): void;
}

const DONE = { kind: "converged", issuedBefore: undefined, steps: 0 } satisfies Answer;

// biome-ignore lint/complexity/noExcessiveLinesPerFunction: the entries of one app, a few lines each
export function host(options: HostOptions): Host {
  const { policy, deployments, random, timeline, journal, log } = options;
  const { alive, start, kill, crash } = invocations(options);
  const now = (): Date => new Date(timeline.now());
  const queueOf = (run: Run) => queuePort({ network: options.network, queue: options.queue() }, run);
  const logOf = (run: Run) => (event: LogEvent) => log(run, event);
  const everyCredential = deployments.map(namedOf);
  const order = (beganOn: Date, budget: number, more: Partial<Order> = {}): Order => ({
    policy,
    beganOn,
    endsOn: new Date(beganOn.getTime() + budget),
    ...more,
  });
  const leaving = (run: Run): Leaving => ({ queue: queueOf(run), now: now(), random, log: logOf(run) });
  const sweepInstead = async (run: Run, watch?: Extract<Message, { kind: "watch" }>): Promise<void> => {
    const queue = queueOf(run);
    const silent = await silentTimer(queue, { now: now(), random }, watch);
    if (!silent) return;
    journal.count("sweeps in the timer's place");
    log(run, { event: "trouble", message: silenceOf(silent, { replaced: true }) });
    await sweep(queue, everyCredential, { now: now(), period: HOUR, random });
  };
  const lookAfterTimer = (run: Run): Promise<void> =>
    sweepInstead(run).catch((error) => log(run, trouble("cannot find out whether the timer runs", error)));
  const byItself = (rotations: Rotation[], given: Order): Promise<Answer> =>
    rotateAll(turnedBy(random, rotations), { ...given, leavesPushToEvent: true }).then(() => DONE);

  return {
    alive,
    down: false,
    crash,
    timer: () =>
      void start({
        trigger: "timer",
        async enter(run, beganOn) {
          try {
            const nextOn = new Date(beganOn.getTime() + HOUR);
            await noteTimerRun(queueOf(run), { now: beganOn, nextOn, period: HOUR, random });
            await sweep(queueOf(run), everyCredential, { now: beganOn, period: HOUR, random });
            return DONE;
          } catch (error) {
            log(run, trouble("cannot reach the queue, so this run does the work itself", error));
            journal.count("timer runs that do the work themselves");
          }
          const rotations = deployments.map((one) => rotationOf(one, run));
          return byItself(rotations, order(beganOn, TIMER_BUDGET));
        },
      }),
    message(text, attempt, answered) {
      const message = readMessage(JSON.parse(text), now());
      const deployed = message.kind === "rotate" && deployments.find(({ name }) => name === message.deployment);
      start({
        trigger: "unit",
        ...(deployed ? { deployment: deployed.name, ask: askOf(message) } : {}),
        answered,
        async enter(run, beganOn) {
          if (message.kind === "watch") await sweepInstead(run, message);
          if (message.kind !== "rotate" || !deployed) return DONE;
          const { endsOn } = order(beganOn, UNIT_BUDGET);
          // Where the rotation fails and a message goes on with it, the run ends well and nothing has converged.
          let answer: Answer = { ...DONE, kind: "waiting" };
          const rotation = rotationOf(deployed, run, ({ converged, steps }) => {
            answer = { ...DONE, kind: converged ? "converged" : "waiting", steps: steps.length };
          });
          const tools = { queue: queueOf(run), random, policy, beganOn, endsOn, again: attempt > 1 };
          await workOff(message, rotation, tools);
          return answer;
        },
      });
    },
    of: (deployed) => ({
      expiryEvent: (answered) =>
        void start({
          trigger: "expiry-event",
          deployment: deployed.name,
          answered,
          async enter(run, beganOn) {
            if (await sendSoon(namedOf(deployed), leaving(run), beganOn)) {
              await lookAfterTimer(run);
              return DONE;
            }
            return byItself([rotationOf(deployed, run)], order(beganOn, EVENT_BUDGET, { briefly: true }));
          },
        }),
      pushEvent: (answered) =>
        void start({
          trigger: "push-event",
          deployment: deployed.name,
          answered,
          async enter(run, beganOn) {
            await push(rotationOf(deployed, run), {
              endsOn: order(beganOn, EVENT_BUDGET).endsOn,
              leave: (notebook) => leaveToQueue(namedOf(deployed), { outcome: undefined, notebook }, leaving(run)),
              soon: () => sendSoon(namedOf(deployed), leaving(run)),
            });
            await lookAfterTimer(run);
            return DONE;
          },
        }),
      post(askAt, answered) {
        const ask = askAt?.(now());
        return start({
          trigger: "pipeline",
          deployment: deployed.name,
          ask,
          answered,
          async enter(run, beganOn) {
            const leave: Leave = async (_rotation, left) => {
              const asked = askIn(ask && { ...ask, issuedBefore: left.issuedBefore ?? ask.issuedBefore });
              await leaveToQueue(namedOf(deployed), left, { ...leaving(run), ask: asked });
            };
            const call = { ...order(beganOn, CALL_BUDGET, { ask, called: true }), leave, dryRun: false, named: true };
            const [rotated] = await rotateEach([rotationOf(deployed, run)], call);
            if (!rotated) throw new Error("Cannot rotate: nothing came of it");
            await lookAfterTimer(run);
            const { outcome, issuedBefore } = rotated;
            const text = JSON.stringify(summarize([rotated]));
            if (text.includes(CANARY)) journal.breaks("secrecy", `${run.name} answers ${text}`);
            const { converged, steps } = outcome;
            return { kind: converged ? "converged" : "waiting", issuedBefore, steps: steps.length };
          },
        });
      },
      preview: (answered) =>
        void start({
          trigger: "preview",
          deployment: deployed.name,
          answered,
          async enter(run, beganOn) {
            const { steps, converged } = await previewRotation(portsOf(deployed, run), order(beganOn, CALL_BUDGET));
            return { ...DONE, kind: converged ? "converged" : "waiting", steps: steps.length };
          },
        }),
    }),
    stop: () => {
      for (const run of [...alive]) kill(run, "as the app is stopped");
    },
  };
}

interface Pushing {
  endsOn: Date;
  leave(notebook: Notebook): Promise<boolean>;
  soon(): Promise<boolean>;
}

/** As shared/handlers/push-by-event.ts does it. */
async function push(rotation: Rotation, { endsOn, leave, soon }: Pushing): Promise<void> {
  const notebook: Notebook = {};
  try {
    const applied = await rotation.deliver?.(endsOn, notebook);
    const left = await leave(notebook);
    if (applied?.state === "waiting" && !applied.until && !left) await soon();
  } catch (error) {
    if (!(await leave(notebook))) throw error;
  }
}

function namedOf({ name }: Deployed) {
  return { deployment: name, credential: "ingestion-client-secret" as const };
}

function askOf({ ask }: Extract<Message, { kind: "rotate" }>): Ask | undefined {
  return ask && { because: "a message says so", issuedBefore: new Date(ask.issuedBefore), revokeOld: ask.revokeOld };
}
