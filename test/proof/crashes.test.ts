import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { everyPoint } from "../../proof/crashes/every-point.ts";
import { STORIES } from "../../proof/crashes/stories.ts";
import type { Strike } from "../../proof/crashes/strike.ts";
import { prepare } from "../../proof/faults/run-all.ts";

let stagecraft: Awaited<ReturnType<typeof prepare>>;
beforeAll(async () => {
  stagecraft = await prepare();
});
afterAll(() => stagecraft.close());

// All of them, in every way: npm run crashes.
describe("the change of a credential survives", () => {
  it.each<[story: string, strike: Strike, writes: number[]]>([
    ["a token that leaked", "dies after", [2, 3, 4, 5]],
    ["a token that is asked for", "busy", [2, 3, 4]],
    ["a client secret of the server that is due", "lost", [5, 8]],
  ])("%s: %s, writes %j", async (name, strike, writes) => {
    const story = STORIES.find((one) => one.name === name);
    if (!story) throw new Error(`There is no story "${name}"`);
    const points = await everyPoint(story, stagecraft, { strikes: [strike], writes });
    expect(points.flatMap(({ write, failures }) => failures.map((what) => `${write}: ${what}`))).toEqual([]);
    expect(points.map(({ nth }) => nth)).toEqual(writes);
  });
});
