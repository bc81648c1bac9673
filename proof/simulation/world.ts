import { DAY } from "../../shared/limits.ts";
import { type Availability, availability } from "./availability.ts";
import { type Chance, chance } from "./chance.ts";
import { checks, type Scene } from "./checks.ts";
import { CANARY, type Entra, entra } from "./entra.ts";
import { type EventGrid, eventGrid } from "./event-grid.ts";
import { type Holder, holder } from "./holder.ts";
import { type Answer, type Host, host, type Tamper } from "./host.ts";
import { type Journal, journal } from "./journal.ts";
import { type Network, network, type Weather } from "./network.ts";
import { openMetadata, type Server } from "./open-metadata.ts";
import { SECRET } from "./ports.ts";
import type { Profile } from "./profile.ts";
import { readLater } from "./reader.ts";
import type { Run } from "./run.ts";
import { type Timeline, timeline } from "./timeline.ts";
import { type VaultSecret, vaultSecret } from "./vault.ts";

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
  weather(world: { chance: Chance }): Weather;
  /** Can this pipeline not be deployed now? */
  fails?(pipeline: number): boolean;
  /** The app has logged a line. */
  logged?(line: string): void;
  isCalm(): boolean;
  tamper?: Tamper | undefined;
}

export function world(options: WorldOptions): World {
  const { seed, profile } = options;
  const time = timeline(options.start);
  const { now } = time;
  const notes = journal(now);
  const byHand = new Set<string>();
  let askedAt = Number.NEGATIVE_INFINITY;
  let actedAt = Number.NEGATIVE_INFINITY;

  const watch = checks(() => scene);
  const ofEntra = entra(profile.entra, { now, chance: chance(seed * 7 + 1), watch, isCalm: options.isCalm });
  const current = vaultSecret(SECRET, { now, chance: chance(seed * 7 + 5) });
  const staged = vaultSecret(`${SECRET}-next`, { now, chance: chance(seed * 7 + 6) });
  const initial = profile.madeByHand ? ofEntra.addForeign(new Date(options.start + 5_000 * DAY)) : undefined;
  const server = openMetadata(initial?.value, { now, watch });
  server.masks = profile.masks;
  const reader = holder("vault reader", "reader");
  const ofReader = { timeline: time, chance: chance(seed * 7 + 2), cache: profile.readerCache };

  const weather = options.weather({ chance: chance(seed * 7 + 3) });
  const observed: Weather = {
    ...weather,
    written(run, request) {
      notes.count("writes");
      if (run.trigger === "preview") notes.breaks("I7 idempotence", `a preview does ${request.action}`);
      weather.written(run, request);
    },
  };
  const wires = network({ timeline: time, weather: observed, journal: notes, kill: (run, why) => app.kill(run, why) });
  const truth = { now, policy: profile.policy, entra: ofEntra, current, staged };
  const scene: Scene = { truth, server, network: wires, journal: notes, reader, lastAct: () => actedAt };
  for (let made = 0; made < profile.pipelines; made += 1)
    addPipeline(server, made, () => options.fails?.(made) ?? false);
  const log = (run: Run, line: string): void => {
    if (line.includes(CANARY)) notes.breaks("I9 secrecy", `${run.name} logs "${line}"`);
    if (!line.includes(": nothing to do")) notes.note(run.name, line);
    options.logged?.(line);
    // The app reports what it did not expect as it reports all else, but its own errors say what cannot be done.
    const [, failure = "Cannot"] = / failed(?: \([\w-]+\))?: (.*)/.exec(line) ?? [];
    if (!failure.startsWith("Cannot")) notes.breaks("no unexpected failure", `${run.name}: ${failure}`);
  };
  const promoting = {
    ...watch,
    promoted(run: Run, version: (typeof current.versions)[number]) {
      watch.promoted(run, version);
      grid.versionCreated(current, version);
      readLater(reader, current, ofReader);
    },
  };
  const around = { timeline: time, network: wires, entra: ofEntra, current, staged, watch: promoting, log };
  const over = (run: Run, answer: Answer): void => {
    if (answer.kind === "converged") watch.converged(run);
  };
  const app = host({ policy: profile.policy, around, server, journal: notes, tamper: options.tamper, over });
  const gridChance = chance(seed * 7 + 4);
  const { isCalm } = options;
  const grid = eventGrid({
    timeline: time,
    chance: gridChance,
    host: app,
    journal: notes,
    events: profile.events,
    isCalm,
  });
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

function addPipeline(server: Server, index: number, fails: () => boolean): void {
  const name = `pipeline-${index + 1}`;
  const pipeline = { id: name, name, deployed: false, fails, holder: holder(name, "pipeline") };
  server.pipelines.push(pipeline);
  // One of them waits for somebody to deploy it.
  if (index > 0) server.deploy(undefined, pipeline, server.bot.value);
}
