import { describe, expect, it } from "vitest";
import { isLeft } from "../../shared/rotation/progress.ts";

const now = new Date("2031-03-03T12:00:00Z");
const pushOn = new Date("2031-03-03T12:10:00Z");
const stored = { version: "v2", pushOn, pushFailed: true };
const leak = { revokeOld: true };
const left = (run: Parameters<typeof isLeft>[1]["run"]) => isLeft(stored, { now, run });

describe("a delivery that was left to a message", () => {
  it("is gone on with by that message, and left alone by others", () => {
    expect(left({ goesOnWith: { of: "v2", noted: pushOn.toISOString() } })).toBe(false);
    expect(left({})).toBe(true);
  });

  it("is left alone by a message that another one has overtaken, whatever it was sent for", () => {
    const overtaken = { of: "v2", noted: "2031-03-03T12:05:00.000Z" };
    expect(left({ goesOnWith: overtaken })).toBe(true);
    expect(left({ goesOnWith: overtaken, ask: leak })).toBe(true);
    expect(left({ goesOnWith: { of: "v2" }, ask: leak })).toBe(true);
  });

  it("does not wait after a leak, nor for a call about its failure", () => {
    expect(left({ ask: leak })).toBe(false);
    expect(left({ called: true })).toBe(false);
    expect(left({ goesOnWith: { of: "v1", noted: "2031-03-03T12:05:00.000Z" }, ask: leak })).toBe(false);
  });

  it("is anybody's once its time has passed", () => {
    expect(isLeft(stored, { now: pushOn, run: {} })).toBe(false);
  });
});
