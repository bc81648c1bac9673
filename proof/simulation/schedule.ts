import { DAY, HOUR, MINUTE } from "../../shared/limits.ts";
import { ask, converge } from "./callers.ts";
import type { Chance } from "./chance.ts";
import type { Disaster, DisasterKind } from "./disasters.ts";
import type { Fleet } from "./fleet.ts";
import { moment, START } from "./journal.ts";
import type { Misfortunes } from "./misfortunes.ts";
import { actOfAPerson } from "./person.ts";
import type { Run } from "./run.ts";
import type { RandomWeather } from "./weather.ts";
import type { World } from "./world.ts";

/** The hourly timer, until it stops for good. */
export function wind({ timeline, host, journal }: Fleet, stopsAt: number): void {
  const hourly = (): void => {
    if (timeline.now() >= stopsAt) {
      journal.count("timers that stopped for good");
      journal.note("host", "the timer has stopped for good");
      return;
    }
    if (!host.down && ![...host.alive].some(({ trigger }) => trigger === "timer")) host.timer();
    timeline.after(HOUR, hourly);
  };
  timeline.at(START + HOUR, hourly);
}

export interface Plan {
  misfortunes: Misfortunes;
  drawn: Chance;
  until: number;
}

/** What pipelines and people do about one deployment. */
export function schedule(world: World, { misfortunes, drawn, until }: Plan): void {
  const { timeline, profile, host } = world;
  const at = (time: number, what: string, act: (luck: Chance) => void): void => {
    const name = `${what} at ${moment(time)}`;
    timeline.at(time, () => misfortunes.befalls(name) && act(misfortunes.chance(name)));
  };
  const some = (perYear: number, what: string, act: (luck: Chance, time: number) => void): void => {
    const amount = Math.round((perYear * (until - START)) / (365 * DAY));
    for (let made = 0; made < amount; made += 1) {
      const time = drawn.between(START, until);
      at(time, what, (luck) => act(luck, time));
    }
  };
  const ofLeak = (luck: Chance) => ({ revokeOld: luck.happens(profile.leaks) });
  some(52, "a pipeline calls", (luck) => converge(world, luck));
  some(26, "a preview", () => world.app().down || host.preview(() => {}));
  some(profile.asks, "a pipeline asks", (luck, time) => {
    ask(world, luck, ofLeak(luck));
    // Where one asks, another often does so too.
    const later = time + luck.between(0, 30 * MINUTE);
    if (luck.happens(0.4)) at(later, "another pipeline asks", (other) => ask(world, other, ofLeak(other)));
  });
  some(profile.personActs, "a person acts", (luck) => actOfAPerson(world, luck));
}

/** Where a disaster strikes: in the weather of those whom it befalls. */
export interface Stricken {
  fleet: Fleet;
  world: World;
  weathers: readonly RandomWeather[];
}

/** Lets disasters begin and end. */
export function befall(stricken: Stricken, hit: readonly Disaster[]): void {
  const { timeline } = stricken.fleet;
  for (const { kind, from, until } of hit) {
    timeline.at(from, () => strike(stricken, kind, true));
    timeline.at(until, () => strike(stricken, kind, false));
  }
}

function strike({ fleet, world, weathers }: Stricken, kind: DisasterKind, begins: boolean): void {
  const { host, queue, worlds } = fleet;
  for (const weather of weathers) {
    if (begins) weather.begin(kind);
    else weather.end(kind);
  }
  world.journal.note("disaster", `${kind}: ${begins ? "begins" : "ends"}`);
  if (begins) world.journal.count(`disaster: ${kind}`);
  const lasts = (one: DisasterKind): boolean => weathers.some((weather) => weather.lasts(one));
  switch (kind) {
    case "a policy forbids client secrets":
      for (const { entra } of worlds) entra.forbids = lasts(kind);
      return;
    case "OpenMetadata ignores writes":
      world.server.ignoresWrites = lasts(kind);
      return;
    case "storage is down":
      queue.down = lasts(kind);
      return;
    case "the app is down":
      host.down = lasts(kind);
      if (host.down) host.stop();
  }
}

/** Somebody else comes along just when a run has written something. */
export function comeAlong(world: World, chance: Chance, run: Run): void {
  const { host, journal } = world;
  const { down, alive } = world.app();
  if (down || alive.size > 4) return;
  journal.count("overlapping runs begun on purpose");
  journal.note("crowd", `another run begins beside ${run.name}`);
  const kind = chance.pick(["post", "post", "expiry", "push", "ask"] as const);
  if (kind === "post") host.post(undefined, () => {});
  else if (kind === "expiry" && world.foretells()) host.expiryEvent(() => {});
  else if (kind === "push") host.pushEvent(() => {});
  else if (kind === "ask" && world.profile.asks > 0 && world.asked() + 2 * HOUR < world.timeline.now())
    ask(world, chance, { revokeOld: false });
}
