import { DAY, HOUR } from "../../shared/limits.ts";
import { overdue, TWO_RUNS } from "./overdue.ts";
import type { World } from "./world.ts";

/** A rotation takes a dozen; without one there is nothing to write. */
const MOST_WRITES = 20;

/** With all faults over, two runs bring what is due, and after the overlap nothing is left that is not needed. */
export async function comeToRest(world: World, from: number): Promise<void> {
  const { journal, profile, host, timeline } = world;
  const rest = from + (profile.policy.overlapDays + 3) * DAY;
  // A person may have to help first; young credentials are not given up before their grace is over.
  const patience = from + 30 * HOUR;
  let writes = 0;
  for (let hour = from + HOUR / 2; hour < rest && !journal.broken(); hour += HOUR) {
    await world.run(hour);
    const late = timeline.now() > patience + TWO_RUNS ? overdue(world) : undefined;
    if (late) journal.breaks("convergence", late);
    if (timeline.now() < rest - DAY) writes = journal.counts().writes ?? 0;
  }
  const last = (journal.counts().writes ?? 0) - writes;
  if (last > MOST_WRITES) journal.breaks("bounded writes", `${last} writes on a day on which nothing happens`);
  if (host.alive.size > 4) journal.breaks("convergence", `${host.alive.size} runs have not ended`);
}
