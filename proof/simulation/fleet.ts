import { HOUR } from "../../shared/limits.ts";
import type { LogEvent } from "../../shared/log.ts";
import { type Host, host } from "./host.ts";
import { type Journal, journal } from "./journal.ts";
import { type Misfortunes, misfortunesOf } from "./misfortunes.ts";
import { network, type Weather } from "./network.ts";
import { overdue } from "./overdue.ts";
import type { Profile } from "./profile.ts";
import { type Queue, workQueue } from "./queue.ts";
import { CANARY } from "./registration.ts";
import type { Run } from "./run.ts";
import { type Timeline, timeline } from "./timeline.ts";
import { type Making, type World, world } from "./world.ts";

/** A simulated world: the app on its host, its queue, and the deployments that it serves. */
export interface Fleet {
  timeline: Timeline;
  journal: Journal;
  host: Host;
  queue: Queue;
  worlds: readonly World[];
  /** Runs until then, or until a promise is broken. */
  run(until: number): Promise<void>;
}

export interface FleetOptions {
  seed: number;
  start: number;
  /** Of the app and its queue. */
  profile: Profile;
  deployments: readonly Making[];
  misfortunes?: Misfortunes;
  /** What befalls requests to the queue. */
  weather: Weather;
  /** The app has logged a line. */
  logged?(run: Run, event: LogEvent): void;
  isCalm(): boolean;
}

/** So many messages one instance works off side by side: batchSize and newBatchThreshold of host.json. */
const AT_ONCE = 12;

/** Opens a world. */
export function fleet(options: FleetOptions): Fleet {
  const { seed, start, profile, isCalm, misfortunes = misfortunesOf(seed) } = options;
  const time = timeline(start);
  const notes = journal(time.now);
  const log = logFor(notes, options.logged);
  const shared = { seed, start, timeline: time, misfortunes, journal: notes, log, isCalm, app: () => app };
  const worlds = options.deployments.map((making) => world(making, shared));
  const wires = network({
    timeline: time,
    weather: options.weather,
    journal: notes,
    kill: (run, why) => app.crash(run, why),
  });
  const luck = misfortunes.chance("spread of messages");
  const app: Host = host({
    timeline: time,
    journal: notes,
    instances: profile.instances,
    policy: profile.policy,
    deployments: worlds.map(({ deployed }) => deployed),
    network: wires,
    queue: () => queue,
    random: () => luck.between(0, 1),
    log,
    over(run, { kind }) {
      if (kind === "converged") for (const { watch } of worlds) watch.converged(run);
    },
  });
  const units = (): number => [...app.alive].filter(({ trigger }) => trigger === "unit").length;
  const queue: Queue = workQueue({
    timeline: time,
    misfortunes,
    journal: notes,
    habits: profile.queue,
    isCalm,
    hasRoom: () => !app.down && units() < AT_ONCE * profile.instances,
    begin: app.message,
  });
  const look = (): boolean => {
    for (const { availability } of worlds) availability.look();
    return notes.broken() === undefined;
  };
  return { timeline: time, journal: notes, host: app, queue, worlds, run: (until) => time.run(until, look) };
}

/** Every hour, whether what has no troubles of its own is on time: those of others must not delay it. */
export function watchOverThePunctual({ timeline, journal, worlds }: Fleet): void {
  const promise = worlds.length > 1 ? "independence" : "convergence";
  const punctual = worlds.filter(({ profile }) => profile.isPunctual);
  const look = (): void => {
    for (const one of punctual) {
      const late = overdue(one);
      if (late) journal.breaks(promise, `${one.name}, which has no troubles of its own: ${late}`);
    }
    timeline.after(HOUR, look);
  };
  if (punctual.length > 0) timeline.after(4 * HOUR, look);
}

/** What the app logs is held against the promises too. */
function logFor(notes: Journal, logged: FleetOptions["logged"]): (run: Run, event: LogEvent) => void {
  return (run, event) => {
    const { message } = event;
    if (JSON.stringify(event).includes(CANARY)) notes.breaks("secrecy", `${run.name} logs "${message}"`);
    if (event.event !== "look") notes.note(run.name, message);
    logged?.(run, event);
    // The code of a failure that is none of the app's own errors.
    if ("code" in event && event.code === "internal-error")
      notes.breaks("no unexpected failure", `${run.name}: ${message}`);
  };
}
