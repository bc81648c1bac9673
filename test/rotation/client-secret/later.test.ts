import { describe, expect, it } from "vitest";
import { issued, next, on, planAt, prepared, promoted, steady } from "./planned.ts";

/** What comes, as "kind target on its moment", of what a run leaves alone. */
const later = (...about: Parameters<typeof planAt>) =>
  planAt(...about).later.map(
    ({ kind, target, on: moment }) => `${kind} ${target} ${moment.toISOString().slice(0, 16)}`,
  );

describe("what the clock brings to a client secret", () => {
  it("is its successor, staged a day before it is due", () => {
    expect(later(steady, "2026-02-01")).toEqual(["issue secret 2026-03-01T00:00", "promote secret 2026-03-02T00:00"]);
    expect(later(prepared, "2026-03-01")).toContain("promote secret 2026-03-02T00:00");
    expect(later(prepared, "2026-03-01").join()).not.toContain("issue");
  });

  it("is nothing where the vault has none", () => {
    expect(later({ issued: [], current: undefined, staged: undefined }, "2026-02-01")).toEqual([]);
  });

  it("is now where it is overdue", () => {
    expect(later(steady, "2026-03-05")).toEqual(["issue secret 2026-03-05T00:00", "promote secret 2026-03-05T00:00"]);
  });

  it("is the event's push, for five minutes, where a run leaves it to that", () => {
    const leaves = { leavesPushToEvent: true };
    expect(later(promoted(), "2026-03-02T00:04:00", leaves)[0]).toBe("push new 2026-03-02T00:05");
    expect(later(promoted(), "2026-03-02T00:04:00").join()).not.toContain("push");
    expect(later(promoted(), "2026-03-02T00:05:00", leaves).join()).not.toContain("push");
  });

  it("is a delivery that was left to a message, until its time has come", () => {
    const pushOn = on("2026-03-02T00:20:00");
    expect(later(promoted({ pushOn }), "2026-03-02T00:10:00")[0]).toBe("push new 2026-03-02T00:20");
    expect(later(promoted({ pushOn }), "2026-03-02T00:20:00").join()).not.toContain("push");
    const deliveredOn = on("2026-03-02T00:01:00");
    expect(later(promoted({ pushOn, deliveredOn }), "2026-03-02T00:10:00")[0]).toBe("confirm new 2026-03-02T00:20");
  });

  it("is the confirmation of a delivery, and the end of the old one when the overlap is over", () => {
    const world = promoted({ deliveredOn: on("2026-03-02T00:01:00") });
    expect(later(world, "2026-03-02T00:02:00").slice(0, 2)).toEqual([
      "confirm new 2026-03-02T00:16",
      "retire old 2026-03-09T00:01",
    ]);
    const young = { ...world, issued: [...world.issued, issued("younger", "2026-03-09")] };
    expect(later(young, "2026-03-09T00:00:30")).toContain("retire younger 2026-03-09T01:00");
  });

  it("tells the soonest first", () => {
    const late = promoted({ deliveredOn: on("2026-05-01"), confirmedOn: on("2026-05-01T01:00:00") });
    expect(later(late, "2026-05-02")).toEqual([
      "issue secret 2026-05-02T00:00",
      "promote secret 2026-05-02T00:00",
      "retire old 2026-05-08T00:00",
    ]);
  });

  it("is the end of each but the current and the next", () => {
    const world = { ...prepared, issued: [issued("older", "2025-12-01"), ...prepared.issued] };
    const retired = later(world, "2026-01-02").filter((one) => one.startsWith("retire"));
    expect(retired).toEqual(["retire older 2026-01-08T00:00"]);
    const announced = { ...world, staged: next({ intent: true }) };
    expect(later(announced, "2026-01-02").filter((one) => one.startsWith("retire"))).toHaveLength(2);
  });

  it("is no push any more once it is delivered, though readers have time", () => {
    const leaves = { leavesPushToEvent: true };
    const read = promoted({ readUntil: on("2026-03-03"), deliveredOn: on("2026-03-02T00:01:00") });
    expect(later(read, "2026-03-02T12:00:00", leaves).join()).not.toContain("push");
  });

  it("is the end of an old one only when the new one is delivered, and never of the next", () => {
    expect(later(promoted(), "2026-03-02T00:02:00").join()).not.toContain("retire");
    const delivered = { ...steady, issued: prepared.issued, staged: next() };
    expect(later(delivered, "2026-03-01").join()).not.toContain("retire new");
  });
});
