import { describe, expect, it } from "vitest";
import type { WorkQueue } from "../../shared/engine/ports.ts";
import { describeEngine } from "../../shared/status/engine.ts";

const SILENT_ON = "2026-01-01T12:00:00.000Z";

/** A queue with these notes and so many messages that were given up. */
const queue = (notes: Record<string, string>, poisoned = 0) =>
  ({ state: async () => ({ notes, messages: 7 }), poisoned: async () => poisoned }) as unknown as WorkQueue;
const notes = {
  timerranon: "2026-01-01T09:00:00.000Z",
  timernexton: "2026-01-01T10:00:00.000Z",
  timersilenton: SILENT_ON,
};
const at = (milliseconds: number) => new Date(new Date(SILENT_ON).getTime() + milliseconds);

describe("the engine", () => {
  it("has a silent timer from that very moment on, with what to do", async () => {
    expect((await describeEngine(queue(notes), at(-1))).timer).toEqual({
      ranOn: new Date(notes.timerranon),
      nextOn: new Date(notes.timernexton),
      silent: false,
    });
    const swept = { ...notes, sweptinsteadon: "2026-01-01T12:00:00.000Z" };
    expect((await describeEngine(queue(swept), at(0))).timer).toMatchObject({
      silent: true,
      sweptInsteadOn: at(0),
      hint: expect.stringContaining("Restart the app"),
    });
  });

  it("has no silent timer where nobody has noted one", async () => {
    expect((await describeEngine(queue({}), at(0))).timer).toMatchObject({ silent: false, ranOn: undefined });
  });

  it("tells what was given up, and where it says what to do", async () => {
    expect((await describeEngine(queue(notes), at(0))).queue).toEqual({ messages: 7, poisoned: 0 });
    expect((await describeEngine(queue(notes, 1), at(0))).queue).toMatchObject({
      poisoned: 1,
      hint: expect.stringContaining("docs/queues.md"),
    });
  });
});
