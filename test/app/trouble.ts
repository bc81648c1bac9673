import { afterEach, expect } from "vitest";
import { eventIn } from "../../journey/event-in.ts";
import { WORK_QUEUE } from "../../shared/engine/queues.ts";
import { type App, HOUR } from "./app.ts";

/** Runs the timer function once, and all that it sends to the queue; tells whether all of it succeeded. */
export async function runTimer({ host, log, clock, cloud }: App): Promise<boolean> {
  const since = log.length;
  const before = new Set(idsIn(cloud));
  const sent = await host.runTimer("rotate-on-schedule");
  const swept = cloud.storageQueue
    .messages(WORK_QUEUE)
    .filter(({ id, text }) => !before.has(id) && Buffer.from(text, "base64").includes('"kind":"rotate"'));
  const last = Math.max(...swept.map(({ visibleOn }) => visibleOn.getTime()), clock.now().getTime());
  await clock.advance(last - clock.now().getTime());
  return sent && !log.slice(since).some(({ message }) => /^Executed 'Functions\.rotate-[^']*' \(Failed/.test(message));
}

function idsIn({ storageQueue }: App["cloud"]): string[] {
  return storageQueue.messages(WORK_QUEUE).map(({ id }) => id);
}

/** What the handlers have said from a place in the log on, with their errors. */
export function said({ log }: App, since = 0): string {
  return log
    .slice(since)
    .filter(({ category, level }) => category.endsWith(".User") || level === "error")
    .map((line) => {
      const event = eventIn(line);
      return event ? [event.message, event.hint].filter(Boolean).join(". ") : line.message;
    })
    .join("\n");
}

/** Removes all but the current client secret, so that a test does not stand at the limit of five because of others. */
export function removeReplaced(app: App): void {
  for (const { keyId } of app.inEntra()) {
    if (keyId !== app.latest()?.tags.keyId) app.cloud.directory.removePasswordByHand(keyId);
  }
}

/** After each test of the file: the timer has finished what was begun amid trouble, and ingestion has noticed nothing. */
export function endsWell(app: () => App): void {
  afterEach(async () => {
    await app().clock.advance(3 * HOUR);
    expect(app().held()).toBe(app().latest()?.value);
    expect(app().latest()?.tags.confirmedOn).toBeDefined();
    expect(app().cloud.ingestion.refusals()).toEqual([]);
    removeReplaced(app());
  });
}
