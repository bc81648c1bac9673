import { afterEach, expect, it, vi } from "vitest";
import type { LogEvent } from "../../shared/log.ts";
import { timed } from "../../shared/world/timed.ts";

const step = { event: "step", step: "push", because: "due", target: "key-1", message: "push" } as const;
afterEach(() => vi.restoreAllMocks());

it("the end of a step tells how long it took, and nothing else does", () => {
  const times = [1_000.2, 3_500.9, 9_000];
  vi.spyOn(performance, "now").mockImplementation(() => times.shift() ?? Number.NaN);
  const written: LogEvent[] = [];
  const log = timed((event) => void written.push(event));
  const events: LogEvent[] = [
    { ...step, state: "begun" },
    { event: "note", message: "between" },
    { ...step, state: "done" },
    { ...step, state: "failed" },
  ];
  for (const event of events) log(event);
  const [begun, note, done, unbegun] = events;
  expect(written).toEqual([begun, note, { ...done, durationMs: 2_501 }, { ...unbegun, durationMs: undefined }]);
});
