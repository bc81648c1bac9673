import { DAY, HOUR } from "../../shared/limits.ts";
import type { Fleet } from "./fleet.ts";
import { overdue, TWO_RUNS } from "./overdue.ts";

/** Without a rotation there is next to nothing to write. */
const MOST_WRITES = 20;
/** One takes a dozen; each message about it that came twice may take it again, at the same moment. */
const MOST_WRITES_OF_ROTATION = 100;
/** In an hour of a day on which nothing happens: a message for each credential, the watch, and what one of them leaves. */
const MOST_MESSAGES = 3;

/** With all faults over, two runs bring what is due, and after the overlap nothing is left that is not needed. */
export async function comeToRest(fleet: Fleet, from: number): Promise<void> {
  const { journal, host, timeline, worlds } = fleet;
  const overlapDays = Math.max(...worlds.map(({ profile }) => profile.policy.overlapDays));
  const rest = from + (overlapDays + 3) * DAY;
  // A person may have to help first; young credentials are not given up before their grace is over.
  const patience = from + 30 * HOUR;
  let before = journal.counts();
  for (let hour = from + HOUR / 2; hour < rest && !journal.broken(); hour += HOUR) {
    await fleet.run(hour);
    for (const world of timeline.now() > patience + TWO_RUNS ? worlds : []) {
      const late = overdue(world);
      if (late) world.journal.breaks("convergence", late);
    }
    if (timeline.now() < rest - DAY) before = { ...journal.counts() };
  }
  const since = (name: string): number => (journal.counts()[name] ?? 0) - (before[name] ?? 0);
  const tooMany = (name: string, most: number): void => {
    const last = since(name);
    if (last > most) journal.breaks("bounded writes", `${last} ${name} on a day on which nothing happens`);
  };
  const isIdle = worlds.every(({ staged, current }) =>
    [staged, current].every((one) => (one.versions.at(-1)?.createdAt ?? 0) < rest - 2 * DAY),
  );
  tooMany("writes", (isIdle ? MOST_WRITES : MOST_WRITES_OF_ROTATION) * worlds.length);
  tooMany("messages sent", MOST_MESSAGES * 25 * (worlds.length + 1));
  if (host.alive.size > 4) journal.breaks("convergence", `${host.alive.size} runs have not ended`);
}
