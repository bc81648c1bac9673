import { describe, expect, it } from "vitest";
import { HOUR } from "../../shared/limits.ts";
import { describeEngine, type Queues } from "../../shared/status/engine.ts";

const SILENT_ON = "2026-01-01T12:00:00.000Z";

/** Queues with these notes and so many messages that were given up. */
const queues = (notes: Record<string, string>, poisoned: Record<string, number> = { work: 0 }): Queues => ({
  work: { state: async () => ({ notes, messages: 7 }) },
  all: Object.fromEntries(Object.entries(poisoned).map(([name, count]) => [name, { poisoned: async () => count }])),
});
const notes = {
  timerranon: "2026-01-01T09:00:00.000Z",
  timernexton: "2026-01-01T10:00:00.000Z",
  timersilenton: SILENT_ON,
};
const at = (milliseconds: number) => new Date(new Date(SILENT_ON).getTime() + milliseconds);

describe("the engine", () => {
  it("has a silent timer from that very moment on, with what to do", async () => {
    expect((await describeEngine(queues(notes), at(-1))).timer).toEqual({
      ranOn: new Date(notes.timerranon),
      nextOn: new Date(notes.timernexton),
      silent: false,
    });
    const swept = { ...notes, sweptinsteadon: "2026-01-01T12:00:00.000Z" };
    expect((await describeEngine(queues(swept), at(0))).timer).toMatchObject({
      silent: true,
      sweptInsteadOn: at(0),
      hint: expect.stringContaining("Restart the app"),
    });
  });

  it.each([
    ["whose next sweep is awaited", {}, 2.9, /so the queue does its work\. Restart the app/],
    ["whose work was done lately", { sweptinsteadon: "2026-01-01T15:00:00.000Z" }, 5.9, /so the queue does its work/],
    ["in whose place nobody has done anything", {}, 3, /nothing does its work until .* or call POST \/api\/rotate/],
    ["whose place nobody takes any more", { sweptinsteadon: "2026-01-01T15:00:00.000Z" }, 6, /nothing does its work/],
  ])("says of a silent timer %s who does its work", async (_, more, hours, words) => {
    const { timer } = await describeEngine(queues({ ...notes, ...more }), at(hours * HOUR));
    expect(timer).toMatchObject({ silent: true, hint: expect.stringMatching(words) });
  });

  it("has no silent timer where nobody has noted one", async () => {
    expect((await describeEngine(queues({}), at(0))).timer).toMatchObject({ silent: false, ranOn: undefined });
  });

  it("tells what was given up of all queues, which they are, and where it says what to do", async () => {
    expect((await describeEngine(queues(notes), at(0))).queue).toEqual({ messages: 7, poisoned: 0 });
    expect((await describeEngine(queues(notes, { work: 1, calm: 0, notices: 2 }), at(0))).queue).toMatchObject({
      poisoned: 3,
      hint: expect.stringMatching(/^Some messages \(1 in work-poison, 2 in notices-poison\) .*docs\/queues\.md/),
    });
  });
});
