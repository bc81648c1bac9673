import { describe, expect, it } from "vitest";
import { leaveDelivery } from "../../shared/rotation/leave-delivery.ts";
import type { Notebook } from "../../shared/rotation/progress.ts";
import type { Stored } from "../../shared/rotation/stored.ts";
import { held, on } from "./client-secret/planned.ts";

const NOW = on("2026-02-01T12:00:00");
const before = on("2026-02-01T11:50:00");
const mine = on("2026-02-01T12:10:00");
const others = on("2026-02-01T12:09:00");
const undelivered = (change: Partial<Stored> = {}): Stored => ({
  ...held({ deliveredOn: undefined, confirmedOn: undefined }),
  ...change,
});

/** Leaves a delivery of what was `seen` while the vault holds `latest`; what is noted, and whether a message follows. */
async function leave(seen: Stored, latest: Stored | undefined, { fails = false } = {}) {
  const notes: unknown[] = [];
  const notebook: Notebook = { left: { of: seen.version, from: "a", failed: [], lookOn: NOW } };
  const current = {
    latest: async () => latest,
    note: async (_: Stored, left: object) => {
      if (fails) throw new Error("503");
      notes.push(left);
    },
  };
  await leaveDelivery(current, seen, { left: { pushOn: mine, pushFailed: false }, notebook, now: NOW });
  return { notes, follows: notebook.left !== undefined, noted: notebook.left?.noted };
}

describe("a delivery that a run leaves", () => {
  it("is noted, and a message that knows the note follows", async () => {
    const own = undelivered({ pushOn: others });
    const left = { notes: [{ pushOn: mine, pushFailed: false }], follows: true, noted: mine.toISOString() };
    expect(await leave(undelivered(), undelivered())).toEqual(left);
    expect(await leave(own, own)).toEqual(left);
  });

  it("stays with the run that has left it meanwhile: side by side each would begin anew for ever", async () => {
    const overtaken = { notes: [], follows: false, noted: undefined };
    expect(await leave(undelivered(), undelivered({ pushOn: others }))).toEqual(overtaken);
    expect(await leave(undelivered({ pushOn: before }), undelivered({ pushOn: others }))).toEqual(overtaken);
  });

  it("is left though another message was to go on with it, if that has not come in its time", async () => {
    expect(await leave(undelivered(), undelivered({ pushOn: before }))).toMatchObject({ follows: true });
  });

  it.each([
    ["delivered", undelivered(), undelivered({ deliveredOn: NOW })],
    ["confirmed", undelivered({ deliveredOn: before }), undelivered({ deliveredOn: before, confirmedOn: NOW })],
  ])("is over where another run has %s it meanwhile", async (_, seen, latest) => {
    expect(await leave(seen, latest)).toMatchObject({ notes: [], follows: false });
  });

  it("needs nobody's message, and no note where nothing is left", async () => {
    const done: unknown[] = [];
    const current = {
      latest: async () => undelivered({ deliveredOn: NOW }),
      note: async (...noted: unknown[]) => void done.push(noted),
    };
    const notebook: Notebook = { left: { of: "v1", from: "a", failed: [], lookOn: NOW } };
    await leaveDelivery(current, undelivered(), { left: undefined, notebook, now: NOW });
    expect([done, notebook.left?.of]).toEqual([[], "v1"]);
    await leaveDelivery(current, undelivered(), { left: { pushOn: mine }, notebook: undefined, now: NOW });
    expect(done).toEqual([]);
  });

  it("is not waited for any more in the very moment in which another message was to go on", async () => {
    expect(await leave(undelivered(), undelivered({ pushOn: NOW }))).toMatchObject({ follows: true });
  });

  it("is not noted with another version than was handed on", async () => {
    expect(await leave(undelivered(), undelivered({ version: "v9" }))).toMatchObject({ notes: [], noted: undefined });
    expect(await leave(undelivered(), undefined)).toMatchObject({ notes: [], noted: undefined });
  });

  it("goes on though it cannot be noted: that costs a repetition", async () => {
    expect(await leave(undelivered(), undelivered(), { fails: true })).toEqual({
      notes: [],
      follows: true,
      noted: undefined,
    });
  });
});
