import { BLOWS, type Blow } from "../../strikes/strike-write.ts";
import type { Stagecraft } from "../open-app.ts";
import { openWorld, type Point, playPoint } from "./play-point.ts";
import type { Story } from "./stories.ts";

/** A part of the points, and who is told of each. */
export interface Part {
  blows?: readonly Blow[];
  /** Only the writes of these numbers. */
  writes?: readonly number[];
  tell?: (point: Point) => void;
}

/** Strikes every write of a story in every way, until there is no write of that number any more. */
export async function everyPoint(
  story: Story,
  stagecraft: Stagecraft,
  { blows = BLOWS, writes, tell }: Part = {},
): Promise<Point[]> {
  const points: Point[] = [];
  for (const blow of blows) {
    let world = await openWorld(stagecraft, story.fresh === true);
    try {
      for (const nth of writes ?? numbers()) {
        const point = await playPoint(story, world.setting, { nth, blow });
        if (!point) break;
        points.push(point);
        tell?.(point);
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

function* numbers(): Generator<number> {
  for (let number = 1; ; number += 1) yield number;
}
