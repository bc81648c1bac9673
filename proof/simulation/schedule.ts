import { DAY, HOUR, MINUTE } from "../../shared/limits.ts";
import { ask, converge } from "./callers.ts";
import type { Chance } from "./chance.ts";
import type { Disaster, DisasterKind } from "./disasters.ts";
import { moment, START } from "./journal.ts";
import type { Misfortunes } from "./misfortunes.ts";
import { actOfAPerson } from "./person.ts";
import type { Run } from "./run.ts";
import type { RandomWeather } from "./weather.ts";
import type { World } from "./world.ts";

export interface Plan {
  weather: RandomWeather;
  misfortunes: Misfortunes;
  drawn: Chance;
  until: number;
  hit: readonly Disaster[];
}

/** The hourly timer, pipelines, people and disasters. */
export function schedule(world: World, { weather, misfortunes, drawn, until, hit }: Plan): void {
  const { timeline, profile, host } = world;
  const hourly = (): void => {
    if (!host.down && ![...host.alive].some(({ trigger }) => trigger === "timer")) host.timer();
    timeline.after(HOUR, hourly);
  };
  timeline.at(START + HOUR, hourly);
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
  some(26, "a preview", () => host.down || host.preview(() => {}));
  some(profile.asks, "a pipeline asks", (luck, time) => {
    ask(world, luck, ofLeak(luck));
    // Where one asks, another often does so too.
    const later = time + luck.between(0, 30 * MINUTE);
    if (luck.happens(0.4)) at(later, "another pipeline asks", (other) => ask(world, other, ofLeak(other)));
  });
  some(profile.personActs, "a person acts", (luck) => actOfAPerson(world, luck));
  for (const { kind, from, until: end } of hit) {
    timeline.at(from, () => strike(world, weather, { kind, begins: true }));
    timeline.at(end, () => strike(world, weather, { kind, begins: false }));
  }
}

function strike(world: World, weather: RandomWeather, { kind, begins }: { kind: DisasterKind; begins: boolean }): void {
  const { host, server, journal, entra } = world;
  if (begins) weather.begin(kind);
  else weather.end(kind);
  journal.note("disaster", `${kind}: ${begins ? "begins" : "ends"}`);
  if (begins) journal.count(`disaster: ${kind}`);
  entra.forbids = weather.lasts("a policy forbids client secrets");
  server.ignoresWrites = weather.lasts("OpenMetadata ignores writes");
  host.down = weather.lasts("the app is down");
  if (host.down) host.stop();
}

/** Somebody else comes along just when a run has written something. */
export function comeAlong(world: World, chance: Chance, run: Run): void {
  const { host, journal } = world;
  if (host.down || host.alive.size > 4) return;
  journal.count("overlapping runs begun on purpose");
  journal.note("crowd", `another run begins beside ${run.name}`);
  const kind = chance.pick(["post", "post", "expiry", "push", "ask"] as const);
  if (kind === "post") host.post(undefined, () => {});
  else if (kind === "expiry") host.expiryEvent(() => {});
  else if (kind === "push") host.pushEvent(() => {});
  else if (world.profile.asks > 0 && world.asked() + 2 * HOUR < world.timeline.now())
    ask(world, chance, { revokeOld: false });
}
