import { CREDENTIALS } from "../../shared/deployment/credentials.ts";
import { sendSoon } from "../../shared/engine/leave.ts";
import { type Message, readMessage } from "../../shared/engine/message.ts";
import { sweep } from "../../shared/engine/sweep.ts";
import { noteTimerRun, silentTimer } from "../../shared/engine/timer-watch.ts";
import { workOff } from "../../shared/engine/work-off.ts";
import { DAY, HOUR, MINUTE, UNIT_BUDGET } from "../../shared/limits.ts";
import type { Outcome } from "../../shared/rotation/outcome.ts";
import type { Rotation } from "../../shared/rotation/rotatable.ts";
import { memoryQueue, START } from "./queue.ts";

const policy = { lifetimeDays: 90, renewBeforeDays: 30, overlapDays: 7, stageAheadHours: 24 };
const LIFE = 90 * DAY;
const RENEWED_AFTER = 60 * DAY;

/** What happens to a message on its way: how many arrive, each so much later; none: it is lost. */
export type Fate = (message: Message) => number[];

/** Credentials of many deployments, the queue that they share, and time that passes. */
export function fleet(deployments: number) {
  const queue = memoryQueue();
  const held = new Map<string, number>();
  const world = {
    queue,
    looks: 0,
    /** Deployments whose server does not answer. */
    broken: new Set<string>(),
    fate: (() => [0]) as Fate,
    most: 0,
    /** What remained of the life of the credential that was renewed latest of all. */
    least: Number.POSITIVE_INFINITY,
    timerRuns: true,
    /** Whether the vault's events of a near expiry arrive. */
    eventsArrive: true,
    /** Days since each was renewed. */
    ages: () => [...held.values()].map((on) => (queue.now.getTime() - on) / DAY),
    async pass(time: number): Promise<void> {
      const end = queue.now.getTime() + time;
      while (queue.now.getTime() < end) {
        const hour = new Date(Math.min(end, Math.floor(queue.now.getTime() / HOUR) * HOUR + HOUR));
        for (let message = queue.take(hour); message; message = queue.take(hour)) await arrive(message);
        if (world.timerRuns) await timer();
        await events();
        world.most = Math.max(world.most, queue.waiting().length);
      }
    },
  };
  const all = Array.from({ length: deployments }, (_, index) =>
    CREDENTIALS.map((credential) => ({ deployment: `d${index}`, credential })),
  ).flat();
  for (const one of all) held.set(`${one.deployment} ${one.credential}`, START.getTime() - Math.floor(30 * DAY));

  const rotationOf = (deployment: string, credential: (typeof CREDENTIALS)[number]): Rotation => {
    const name = `${deployment} ${credential}`;
    const rotate = async (): Promise<Outcome> => {
      world.looks += 1;
      if (world.broken.has(deployment)) throw new Error("no answer");
      const age = queue.now.getTime() - (held.get(name) ?? 0);
      const due = age >= RENEWED_AFTER;
      if (due) {
        world.least = Math.min(world.least, LIFE - age);
        held.set(name, queue.now.getTime());
      }
      const on = new Date(queue.now.getTime() + 15 * MINUTE);
      const step = { kind: "issue", because: "due", target: name, state: "done" } as const;
      const later = due ? [{ kind: "confirm", on, target: name } as const] : [];
      return { steps: due ? [step] : [], converged: true, later, current: undefined };
    };
    return { credential, name, rotate, preview: rotate, answered: async () => {}, now: () => queue.now, log: () => {} };
  };
  const sweepAll = () => sweep(queue, all, { now: queue.now, period: HOUR, random: () => 0 });
  const timer = async () => {
    await noteTimerRun(queue, {
      now: queue.now,
      random: () => 0,
      nextOn: new Date(queue.now.getTime() + HOUR),
      period: HOUR,
    });
    await sweepAll();
  };
  const events = async () => {
    if (!world.eventsArrive) return;
    for (const one of all) {
      const age = queue.now.getTime() - (held.get(`${one.deployment} ${one.credential}`) ?? 0);
      if (Math.abs(age - RENEWED_AFTER) >= HOUR / 2) continue;
      await sendSoon(one, { queue, now: queue.now, random: () => 0, log: () => {} }, queue.now);
      if (await silentTimer(queue, { now: queue.now, random: () => 0 })) await sweepAll();
    }
  };
  const arrive = async (message: Message) => {
    const [first, ...others] = world.fate(message);
    for (const delay of others) await queue.send(message, { delay });
    if (first === undefined) return;
    if (first > 0) return queue.send(message, { delay: first });
    const read = readMessage(message, queue.now);
    if (read.kind === "ignored") throw new Error(read.because);
    if (read.kind === "watch")
      return (await silentTimer(queue, { now: queue.now, random: () => 0 }, read)) ? sweepAll() : undefined;
    const times = { beganOn: queue.now, endsOn: new Date(queue.now.getTime() + UNIT_BUDGET) };
    const rotation = rotationOf(read.deployment, read.credential);
    await workOff(read, rotation, { queue, random: () => 0, policy, again: false, ...times }).catch(() => undefined);
  };
  return world;
}
