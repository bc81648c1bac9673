import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { prepare } from "../../../proof/faults/open-app.ts";
import { everyPoint } from "../../../proof/faults/points/every-point.ts";
import { STORIES } from "../../../proof/faults/points/stories.ts";
import type { Blow } from "../../../proof/strikes/strike-write.ts";

let stagecraft: Awaited<ReturnType<typeof prepare>>;
beforeAll(async () => {
  stagecraft = await prepare();
});
afterAll(() => stagecraft.close());

// All of them, in every way: npm run proof -- faults --crash-points.
describe("the change of a credential survives", () => {
  it.each<[story: string, blow: Blow, writes: number[]]>([
    ["a token that leaked", "dies after", [2, 3, 4, 5]],
    ["a token that is asked for", "busy", [2, 3, 4]],
    ["a client secret of the server that is due", "lost", [5, 8]],
  ])("%s: %s, writes %j", async (name, blow, writes) => {
    const story = STORIES.find((one) => one.name === name);
    if (!story) throw new Error(`There is no story "${name}"`);
    const points = await everyPoint(story, stagecraft, { blows: [blow], writes });
    expect(points.flatMap(({ write, failures }) => failures.map((what) => `${write}: ${what}`))).toEqual([]);
    expect(points.map(({ nth }) => nth)).toEqual(writes);
  });
});
