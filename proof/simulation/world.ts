import { DAY, MINUTE } from "../../shared/limits.ts";
import type { LogEvent } from "../../shared/log.ts";
import { type Availability, availability } from "./availability.ts";
import { chance } from "./chance.ts";
import { checks } from "./checks.ts";
import type { Deployed, Tamper } from "./deployed.ts";
import { type Entra, entraOf } from "./entra.ts";
import { type EventGrid, eventGrid } from "./event-grid.ts";
import { type Holder, holder } from "./holder.ts";
import type { Host, HostOfDeployment } from "./host.ts";
import type { Journal } from "./journal.ts";
import type { Misfortunes } from "./misfortunes.ts";
import { type Network, network, type Weather } from "./network.ts";
import { openMetadata, type Server } from "./open-metadata.ts";
import { SECRET } from "./ports.ts";
import type { Profile } from "./profile.ts";
import type { Run } from "./run.ts";
import type { Scene } from "./scene.ts";
import type { Timeline } from "./timeline.ts";
import { type VaultSecret, vaultSecret } from "./vault.ts";
import { readLater } from "./vault-reader.ts";
import type { Watch } from "./watch.ts";

/** One deployment in a simulated world: its services, everybody who signs in, who watches, and the app on its host. */
export interface World {
  name: string;
  profile: Profile;
  timeline: Timeline;
  journal: Journal;
  entra: Entra;
  current: VaultSecret;
  staged: VaultSecret;
  server: Server;
  reader: Holder;
  network: Network;
  watch: Watch;
  deployed: Deployed;
  /** The app, which other deployments share. */
  app(): Host;
  /** What is called about this deployment. */
  host: HostOfDeployment;
  grid: EventGrid;
  availability: Availability;
  /** Values that a person stored in the vault. */
  byHand: Set<string>;
  /** When somebody last asked for a new secret. */
  asked(): number;
  asks(at: number): void;
  /** Whether a near-expiry event may come along now. The vault raises few for a version, and not because a run writes. */
  foretells(): boolean;
  /** A person has done something. */
  acted(): void;
  /** The year is over: nothing goes wrong any more, and nobody meddles. */
  isCalm(): boolean;
}

/** What makes one deployment of a world. */
export interface Making {
  name: string;
  /** Tells its seeds from those of the others. */
  index: number;
  profile: Profile;
  weather: Weather;
  /** Can this pipeline not be deployed now? */
  fails?(pipeline: number): boolean;
  tamper?: Tamper | undefined;
}

/** What the deployments of a world share. */
export interface Shared {
  timeline: Timeline;
  seed: number;
  start: number;
  misfortunes: Misfortunes;
  journal: Journal;
  log(run: Run, event: LogEvent): void;
  isCalm(): boolean;
  app(): Host;
}

// biome-ignore lint/complexity/noExcessiveLinesPerFunction: one list of what is wired to what, in which almost each needs the others
export function world({ name, index, profile, ...making }: Making, shared: Shared): World {
  const { timeline, misfortunes, isCalm, app } = shared;
  const seed = shared.seed + 1_000_003 * index;
  const { now } = timeline;
  const notes = index === 0 ? shared.journal : shared.journal.of(name);
  const byHand = new Set<string>();
  let askedAt = Number.NEGATIVE_INFINITY;
  let actedAt = Number.NEGATIVE_INFINITY;
  let foretoldAt = Number.NEGATIVE_INFINITY;

  const watch = checks(() => scene);
  const own: Misfortunes = index === 0 ? misfortunes : misfortunes.of(name);
  const ofEntra = entraOf(profile.entra, { now, misfortunes: own, watch, isCalm });
  const current = vaultSecret(SECRET, { now, chance: chance(seed * 7 + 5) });
  const staged = vaultSecret(`${SECRET}-next`, { now, chance: chance(seed * 7 + 6) });
  const initial = profile.madeByHand ? ofEntra.addForeign(new Date(shared.start + 5_000 * DAY)) : undefined;
  const server = openMetadata(initial?.value, { now, watch });
  server.masks = profile.masks;
  server.takes = profile.deploymentTakes;
  const reader = holder("vault reader", "reader");
  const ofReader = { timeline, chance: chance(seed * 7 + 2), cache: profile.readerCache };

  const observed = observe(making.weather, notes);
  const crash = (run: Run, why: string): void => app().crash(run, why);
  const wires = network({ timeline, weather: observed, journal: notes, kill: crash });
  const truth = { now, policy: profile.policy, entra: ofEntra, current, staged };
  const scene: Scene = { truth, server, network: wires, journal: notes, reader, lastAct: () => actedAt };
  for (let made = 0; made < profile.pipelines; made += 1)
    addPipeline(server, made, () => making.fails?.(made) ?? false);
  const promoting = {
    ...watch,
    promoted(run: Run, version: (typeof current.versions)[number]) {
      watch.promoted(run, version);
      grid.versionCreated(current, version);
      readLater(reader, current, ofReader);
    },
  };
  const clientIds = new Map<number, string>();
  const vault = { current, staged };
  const around = {
    name,
    timeline,
    network: wires,
    entra: ofEntra,
    ...vault,
    clientIds,
    watch: promoting,
    log: shared.log,
  };
  const deployed: Deployed = { name, around, server, tamper: making.tamper };
  const entries: HostOfDeployment = {
    pushEvent: (answered) => app().of(deployed).pushEvent(answered),
    expiryEvent: (answered) => app().of(deployed).expiryEvent(answered),
    post: (ask, answered) => app().of(deployed).post(ask, answered),
    preview: (answered) => app().of(deployed).preview(answered),
  };
  const { events } = profile;
  const taking = { ...entries, isDown: () => app().down };
  const grid = eventGrid({ timeline, misfortunes: own, host: taking, name: "", journal: notes, events, isCalm });
  const watched = availability({
    now,
    entra: ofEntra,
    journal: notes,
    holders: [server.bot, ...server.pipelines.map((one) => one.holder), reader],
    isByHand: (value) => byHand.has(value),
  });

  return {
    name,
    profile,
    timeline,
    journal: notes,
    entra: ofEntra,
    current,
    staged,
    server,
    reader,
    network: wires,
    watch,
    deployed,
    app,
    host: entries,
    grid,
    availability: watched,
    byHand,
    asked: () => askedAt,
    asks: (at) => {
      askedAt = at;
    },
    foretells: () => {
      if (foretoldAt + 15 * MINUTE > now()) return false;
      foretoldAt = now();
      return true;
    },
    isCalm,
    acted: () => {
      actedAt = now();
      readLater(reader, current, ofReader);
    },
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
