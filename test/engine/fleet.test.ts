import { describe, expect, it } from "vitest";
import { DAY, HOUR } from "../../shared/limits.ts";
import { type Fate, fleet } from "./fleet.ts";

/** The same numbers each time. */
function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296;
    return state / 4_294_967_296;
  };
}
const mishaps = (seed: number): Fate => {
  const random = chance(seed);
  return () => {
    const dice = random();
    if (dice < 0.1) return [];
    if (dice < 0.2) return [0, random() * HOUR];
    // Not for ever: what is late once may be late again.
    return dice < 0.3 ? [random() * 2 * HOUR] : [0];
  };
};

describe("many deployments", () => {
  it("are looked at once an hour each, 40 of them, and the queue does not grow", async () => {
    const world = fleet(40);
    await world.pass(2 * DAY);
    expect(world.looks / 120 / 48).toBeCloseTo(1, 1);
    expect(world.most).toBeLessThan(2 * 120 + 10);
  });

  it("are renewed for half a year with the timer dead, every kind of credential, within three hours", async () => {
    const world = fleet(10);
    await world.pass(3 * HOUR);
    world.timerRuns = false;
    world.eventsArrive = false;
    await world.pass(182 * DAY);
    expect(world.least / HOUR).toBeGreaterThan(30 * 24 - 6);
    expect(Math.max(...world.ages())).toBeLessThan(61);
    expect(world.most).toBeLessThan(2 * 30 + 10);
  });

  it("are renewed though the timer has never run, by the events that come", async () => {
    const world = fleet(3);
    world.timerRuns = false;
    await world.pass(182 * DAY);
    expect(Math.max(...world.ages())).toBeLessThan(61);
  });

  it("are renewed though the watch was lost with the timer: the next event sets another", async () => {
    const world = fleet(3);
    await world.pass(3 * HOUR);
    world.timerRuns = false;
    world.queue.clear();
    await world.pass(31 * DAY);
    world.eventsArrive = false;
    await world.pass(150 * DAY);
    expect(Math.max(...world.ages())).toBeLessThan(61);
  });

  it.each([1, 2, 3])("end the same when messages are lost, doubled and late (seed %i)", async (seed) => {
    const world = fleet(10);
    world.fate = mishaps(seed);
    await world.pass(100 * DAY);
    expect(world.least / DAY).toBeGreaterThan(29);
    expect(Math.max(...world.ages())).toBeLessThan(61);
    expect(world.most).toBeLessThan(4 * 30 + 20);
    // Each mishap costs a look at most.
    expect(world.looks / 30 / (100 * 24)).toBeLessThan(1.6);
  });

  it("wait for none of them that is broken", async () => {
    const world = fleet(40);
    for (let number = 0; number < 20; number += 1) world.broken.add(`d${number}`);
    await world.pass(32 * DAY);
    const ages = world.ages();
    expect(Math.max(...ages.slice(60))).toBeLessThan(31);
    expect(Math.min(...ages.slice(0, 60))).toBeGreaterThan(60);
  });
});
