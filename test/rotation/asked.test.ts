import { describe, expect, it } from "vitest";
import { askedBy, continued, earliest, forgetAsk, vouchedFor } from "../../shared/rotation/asked.ts";
import type { Ask } from "../../shared/rotation/order.ts";
import { held, on } from "./client-secret/planned.ts";

const first = on("2026-02-01T12:00:00");
const call = (at: string, change: Partial<Ask> = {}): Ask => {
  return { because: "compromised", issuedBefore: on(at), revokeOld: true, open: true, ...change };
};
const successor = held({ asked: askedBy(call("2026-02-01T12:00:00")) });
const goesOn = (ask: Ask | undefined, { now = ask?.issuedBefore ?? first, done = false } = {}) =>
  continued(ask, [undefined, successor], { now, isDone: () => done })?.issuedBefore;

describe("continued()", () => {
  it("takes a call that names no moment for a repeat of the one for which a successor was issued", () => {
    expect(goesOn(call("2026-02-01T12:08:00"))).toEqual(first);
  });

  it("begins anew when that is done, was for another reason, or is six hours old", () => {
    const at = on("2026-02-01T12:08:00");
    expect(goesOn(call("2026-02-01T12:08:00"), { done: true })).toEqual(at);
    expect(goesOn(call("2026-02-01T12:08:00", { because: "leaver" }))).toEqual(at);
    expect(goesOn(call("2026-02-01T18:00:00"))).toEqual(first);
    expect(goesOn(call("2026-02-01T18:00:01"))).toEqual(on("2026-02-01T18:00:01"));
  });

  it("answers for an hour what the queue has done before the call was repeated", () => {
    const delivered = held({ asked: askedBy(call("2026-02-01T12:00:00")), deliveredOn: on("2026-02-01T12:09:00") });
    const meant = (at: string) => continued(call(at), [delivered], { now: on(at), isDone: () => true })?.issuedBefore;
    expect(meant("2026-02-01T13:09:00")).toEqual(first);
    expect(meant("2026-02-01T13:09:01")).toEqual(on("2026-02-01T13:09:01"));
  });

  it("leaves a call alone that names a moment, that asks for nothing, or that a later one overtook", () => {
    expect(goesOn(call("2026-02-01T12:08:00", { open: false }))).toEqual(on("2026-02-01T12:08:00"));
    expect(goesOn(undefined)).toBeUndefined();
    expect(goesOn(call("2026-02-01T11:00:00"))).toEqual(on("2026-02-01T11:00:00"));
  });

  it("knows the reason by its beginning, and notes nothing that looks like a secret", () => {
    const secret = "abc8Q~0123456789012345678901234567";
    expect(askedBy(call("2026-02-01", { because: `leaked: ${secret}` })).because).toBe("leaked: ***");
    const long = "x".repeat(60);
    const noted = held({ asked: askedBy(call("2026-02-01T12:00:00", { because: long })) });
    const ask = call("2026-02-01T12:08:00", { because: `${long} and more` });
    expect(continued(ask, [noted], { now: first, isDone: () => false })?.issuedBefore).toEqual(first);
  });
});

describe("vouchedFor()", () => {
  it("takes the word of a message only where the vault says that the same was asked for", () => {
    const said = call("2026-02-01T12:00:00", { open: false, byMessage: true });
    expect(vouchedFor(said, [undefined, successor])).toBe(said);
    expect(vouchedFor(said, [undefined, held({})])).toBeUndefined();
    expect(vouchedFor({ ...said, issuedBefore: on("2026-02-01T12:00:01") }, [successor])).toBeUndefined();
    expect(vouchedFor(undefined, [successor])).toBeUndefined();
  });

  it("takes the word of a call", () => {
    const said = call("2026-02-01T12:08:00");
    expect(vouchedFor(said, [])).toBe(said);
  });
});

describe("forgetAsk()", () => {
  it("takes the note away from what is current, and writes nothing where there is none", async () => {
    const notes: unknown[] = [];
    const note = async (...noted: unknown[]) => void notes.push(noted);
    for (const latest of [successor, held(), undefined]) await forgetAsk({ latest: async () => latest, note });
    expect(notes).toStrictEqual([[successor, { asked: undefined }]]);
  });
});

describe("earliest()", () => {
  it("is the moment with which a repeat begins nothing anew for any credential", () => {
    expect(earliest([undefined, on("2026-02-02"), first, undefined])).toEqual(first);
    expect(earliest([undefined])).toBeUndefined();
  });
});
