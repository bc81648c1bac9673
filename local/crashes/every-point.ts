import type { Stagecraft } from "../faults/play.ts";
import { openWorld, type Point, play } from "./play.ts";
import type { Story } from "./stories.ts";
import { STRIKES, type Strike } from "./strike.ts";

/** Strikes every write of a story in every one of these ways, until there is no write of that number any more. */
export async function everyPoint(
  story: Story,
  stagecraft: Stagecraft,
  tell: (point: Point) => void = () => undefined,
  strikes: readonly Strike[] = STRIKES,
): Promise<Point[]> {
  const points: Point[] = [];
  for (const strike of strikes) {
    let world = await openWorld(stagecraft, story.fresh === true);
    try {
      for (let nth = 1; ; nth += 1) {
        const point = await play(story, world.setting, { nth, strike });
        if (!point) break;
        points.push(point);
        tell(point);
        // What one point has spoilt is not held against the next.
        if (!story.fresh && point.failures.length === 0) continue;
        await world.close();
        world = await openWorld(stagecraft, story.fresh === true);
      }
    } finally {
      await world.close();
    }
  }
  return points;
}
