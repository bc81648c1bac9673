import { DAY } from "../../shared/limits.ts";
import type { LogEvent } from "../../shared/log.ts";
import { type Availability, availability } from "./availability.ts";
import { chance } from "./chance.ts";
import { checks } from "./checks.ts";
import { type Entra, entraOf } from "./entra.ts";
import { type EventGrid, eventGrid } from "./event-grid.ts";
import { type Holder, holder } from "./holder.ts";
import { type Host, host } from "./host.ts";
import type { Answer, Tamper } from "./invocations.ts";
import { type Journal, journal } from "./journal.ts";
import { type Misfortunes, misfortunesOf } from "./misfortunes.ts";
import { type Network, network, type Weather } from "./network.ts";
import { openMetadata, type Server } from "./open-metadata.ts";
import { SECRET } from "./ports.ts";
import type { Profile } from "./profile.ts";
import { CANARY } from "./registration.ts";
import type { Run } from "./run.ts";
import type { Scene } from "./scene.ts";
import { type Timeline, timeline } from "./timeline.ts";
import { type VaultSecret, vaultSecret } from "./vault.ts";
import { readLater } from "./vault-reader.ts";

/** One simulated world: the services, the app on its host, everybody who signs in, and who watches. */
export interface World {
  profile: Profile;
  timeline: Timeline;
  journal: Journal;
  entra: Entra;
  current: VaultSecret;
  staged: VaultSecret;
  server: Server;
  reader: Holder;
  network: Network;
  host: Host;
  grid: EventGrid;
  availability: Availability;
  /** Values that a person stored in the vault. */
  byHand: Set<string>;
  /** When somebody last asked for a new secret. */
  asked(): number;
  asks(at: number): void;
  /** A person has done something. */
  acted(): void;
  /** The year is over: nothing goes wrong any more, and nobody meddles. */
  isCalm(): boolean;
  /** Runs until then, or until a promise is broken. */
  run(until: number): Promise<void>;
}

export interface WorldOptions {
  seed: number;
  start: number;
  profile: Profile;
  misfortunes?: Misfortunes;
  weather: Weather;
  /** Can this pipeline not be deployed now? */
  fails?(pipeline: number): boolean;
  /** The app has logged an event. */
  logged?(event: LogEvent): void;
  isCalm(): boolean;
  tamper?: Tamper | undefined;
}

/** Opens a world. */
// biome-ignore lint/complexity/noExcessiveLinesPerFunction: one list of what is wired to what, in which almost each needs the others
export function world(options: WorldOptions): World {
  const { seed, profile, misfortunes = misfortunesOf(seed) } = options;
  const time = timeline(options.start);
  const { now } = time;
  const notes = journal(now);
  const byHand = new Set<string>();
  let askedAt = Number.NEGATIVE_INFINITY;
  let actedAt = Number.NEGATIVE_INFINITY;

  const watch = checks(() => scene);
  const ofEntra = entraOf(profile.entra, { now, misfortunes, watch, isCalm: options.isCalm });
  const current = vaultSecret(SECRET, { now, chance: chance(seed * 7 + 5) });
  const staged = vaultSecret(`${SECRET}-next`, { now, chance: chance(seed * 7 + 6) });
  const initial = profile.madeByHand ? ofEntra.addForeign(new Date(options.start + 5_000 * DAY)) : undefined;
  const server = openMetadata(initial?.value, { now, watch });
  server.masks = profile.masks;
  const reader = holder("vault reader", "reader");
  const ofReader = { timeline: time, chance: chance(seed * 7 + 2), cache: profile.readerCache };

  const observed = observe(options.weather, notes);
  const wires = network({ timeline: time, weather: observed, journal: notes, kill: (run, why) => app.kill(run, why) });
  const truth = { now, policy: profile.policy, entra: ofEntra, current, staged };
  const scene: Scene = { truth, server, network: wires, journal: notes, reader, lastAct: () => actedAt };
  for (let made = 0; made < profile.pipelines; made += 1)
    addPipeline(server, made, () => options.fails?.(made) ?? false);
  const log = logFor(notes, options.logged);
  const promoting = {
    ...watch,
    promoted(run: Run, version: (typeof current.versions)[number]) {
      watch.promoted(run, version);
      grid.versionCreated(current, version);
      readLater(reader, current, ofReader);
    },
  };
  const around = { timeline: time, network: wires, entra: ofEntra, current, staged, watch: promoting, log };
  const over = (run: Run, { kind }: Answer): void => {
    if (kind === "converged") watch.converged(run);
  };
  const { tamper, isCalm } = options;
  const app = host({ policy: profile.policy, around, server, journal: notes, tamper, over });
  const { events } = profile;
  const grid = eventGrid({ timeline: time, misfortunes, host: app, journal: notes, events, isCalm });
  const watched = availability({
    now,
    entra: ofEntra,
    journal: notes,
    holders: [server.bot, ...server.pipelines.map((one) => one.holder), reader],
    isByHand: (value) => byHand.has(value),
  });

  return {
    profile,
    timeline: time,
    journal: notes,
    entra: ofEntra,
    current,
    staged,
    server,
    reader,
    network: wires,
    host: app,
    grid,
    availability: watched,
    byHand,
    asked: () => askedAt,
    asks: (at) => {
      askedAt = at;
    },
    isCalm,
    acted: () => {
      actedAt = now();
      readLater(reader, current, ofReader);
    },
    run: (until) =>
      time.run(until, () => {
        watched.look();
        return notes.broken() === undefined;
      }),
  };
}

/** What the app logs is held against the promises too. */
function logFor(notes: Journal, logged: WorldOptions["logged"]): (run: Run, event: LogEvent) => void {
  return (run, event) => {
    const { message } = event;
    if (JSON.stringify(event).includes(CANARY)) notes.breaks("secrecy", `${run.name} logs "${message}"`);
    if (event.event !== "look") notes.note(run.name, message);
    logged?.(event);
    // The code of a failure that is none of the app's own errors.
    if ("code" in event && event.code === "internal-error")
      notes.breaks("no unexpected failure", `${run.name}: ${message}`);
  };
}

/** Counts what is written; a preview writes nothing. */
function observe(weather: Weather, notes: Journal): Weather {
  return {
    ...weather,
    written(run, request) {
      notes.count("writes");
      if (run.trigger === "preview") notes.breaks("no needless work", `a preview does ${request.action}`);
      weather.written(run, request);
    },
  };
}

function addPipeline(server: Server, index: number, fails: () => boolean): void {
  const name = `pipeline-${index + 1}`;
  const pipeline = { id: name, name, deployed: false, fails, holder: holder(name, "pipeline") };
  server.pipelines.push(pipeline);
  // One of them waits for somebody to deploy it.
  if (index > 0) server.deploy(undefined, pipeline, server.bot.value);
}
