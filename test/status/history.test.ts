import { describe, expect, it } from "vitest";
import type { Version } from "../../shared/rotation/secret-store.ts";
import { NOTHING_NOTED } from "../../shared/rotation/stored.ts";
import { historyOf, MOST_EVENTS, type Past } from "../../shared/status/history.ts";
import { day, NOW } from "./facts.ts";

const nothing = {
  enabled: true,
  expiresOn: undefined,
  intent: false,
  nonce: undefined,
  issuedOn: undefined,
  ...NOTHING_NOTED,
};
const version = (keyId: string | undefined, createdOn: Date, more: Partial<Version> = {}): Version => ({
  ...nothing,
  keyId,
  version: `v of ${keyId}`,
  createdOn,
  ...more,
});
const past = (more: Partial<Past>): Past => ({
  credential: "ingestion-client-secret",
  secret: "openmetadata-ingestion-client-secret",
  current: [],
  staged: [],
  listed: [],
  ...more,
});
const told = (...pasts: Past[]) =>
  historyOf(pasts, NOW).map(({ on, kind, keyId }) => [(on.getTime() - NOW.getTime()) / 86_400_000, kind, keyId]);

const OLD = version("old", day(-60), { issuedOn: day(-61), deliveredOn: day(-60), confirmedOn: day(-60) });
const NEW = version("new", day(-3), {
  issuedOn: day(-4),
  provenOn: day(-4),
  deliveredOn: day(-2),
  confirmedOn: day(-1),
  checkedOn: day(0),
});

describe("what happened", () => {
  it("is told from the versions of the vault, the newest first, whatever their order there", () => {
    const listed = [
      { keyId: "old", issuedOn: day(-61) },
      { keyId: "new", issuedOn: day(-4) },
    ];
    const expected = [
      [0, "checked", "new"],
      [-1, "confirmed", "new"],
      [-2, "delivered", "new"],
      [-3, "promoted", "new"],
      [-4, "proven", "new"],
      [-4, "issued", "new"],
      [-60, "confirmed", "old"],
      [-60, "delivered", "old"],
      [-60, "promoted", "old"],
      [-61, "issued", "old"],
    ];
    expect(told(past({ current: [NEW, OLD], listed }))).toEqual(expected);
    expect(told(past({ current: [OLD, NEW], listed }))).toEqual(expected);
  });

  it("is told once where the staged version and the current one say the same", () => {
    const staged = [version("new", day(-4), { issuedOn: day(-4), provenOn: day(-4) })];
    const kinds = told(past({ current: [OLD, NEW], staged, listed: undefined })).map(([, kind]) => kind);
    expect(kinds.filter((kind) => kind === "proven")).toHaveLength(1);
    expect(kinds.filter((kind) => kind === "issued")).toHaveLength(2);
  });

  it("is a retirement where Entra no longer has one that was succeeded, no earlier than its successor's delivery", () => {
    const events = historyOf([past({ current: [OLD, NEW], listed: [{ keyId: "new", issuedOn: day(-4) }] })], NOW);
    expect(events.filter(({ kind }) => kind === "retired")).toEqual([
      expect.objectContaining({ keyId: "old", on: day(-2), exact: false }),
    ]);
  });

  it("is no retirement of the current one, nor where Entra's list is unknown", () => {
    for (const listed of [[], undefined]) {
      const kinds = told(past({ current: [NEW], listed })).map(([, kind]) => kind);
      expect(kinds).not.toContain("retired");
    }
    expect(told(past({ current: [OLD, NEW], listed: undefined })).map(([, kind]) => kind)).not.toContain("retired");
  });

  it("has what nobody knows of: stored by somebody else, or issued and never stored", () => {
    const foreign = version(undefined, day(-2));
    expect(told(past({ current: [foreign], listed: [{ keyId: "lost", issuedOn: day(-1) }] }))).toEqual([
      [-1, "issued", "lost"],
      [-2, "stored-by-somebody", undefined],
    ]);
  });

  it("has no milestones of one that somebody else stored", () => {
    const foreign = version(undefined, day(-2), { provenOn: day(-1) });
    expect(told(past({ current: [foreign] }))).toEqual([[-2, "stored-by-somebody", undefined]]);
  });

  it("names credential, secret and version, and when Entra refused one", () => {
    expect(historyOf([past({ current: [version("one", day(-2), { refusedOn: day(-1) })] })], NOW)).toEqual(
      [
        { on: day(-1), kind: "refused" },
        { on: day(-2), kind: "promoted" },
      ].map((event) => ({
        ...event,
        keyId: "one",
        version: "v of one",
        credential: "ingestion-client-secret",
        secret: "openmetadata-ingestion-client-secret",
      })),
    );
  });

  it("is no retirement of one that is stored once more, nor by what somebody else stored, nor by an older one", () => {
    const retired = (...current: Version[]) => told(past({ current })).filter(([, kind]) => kind === "retired");
    expect(retired(OLD, version("old", day(-1)))).toEqual([]);
    expect(retired(OLD, version(undefined, day(-1)))).toEqual([]);
    expect(retired(OLD, NEW)).toEqual([[-2, "retired", "old"]]);
    expect(retired(OLD, version("new", day(-3)))).toEqual([[-3, "retired", "old"]]);
  });

  it("of one that was stored a second time is both arrivals and deliveries, and the last check", () => {
    const again = version("new", day(-1), { issuedOn: day(-4), deliveredOn: day(-0.5), checkedOn: day(0) });
    const before = version("new", day(-3), { issuedOn: day(-4), deliveredOn: day(-2.5), checkedOn: day(-2) });
    const checkedFirst = { ...again, deliveredOn: undefined, createdOn: day(-2.9), checkedOn: day(-2.5) };
    expect(told(past({ current: [checkedFirst, before], listed: undefined }))[0]).toEqual([-2, "checked", "new"]);
    expect(told(past({ current: [again, before], listed: undefined }))).toEqual([
      [0, "checked", "new"],
      [-0.5, "delivered", "new"],
      [-1, "promoted", "new"],
      [-2.5, "delivered", "new"],
      [-3, "promoted", "new"],
      [-4, "issued", "new"],
    ]);
  });

  it("says how a delivery is known, and why one was issued that somebody asked for", () => {
    const asked = { before: day(-5), because: "leaver" };
    const events = historyOf([past({ current: [{ ...NEW, readUntil: day(-2), asked }] })], NOW);
    expect(events.find(({ kind }) => kind === "delivered")).toMatchObject({ delivery: "assumed" });
    expect(events.find(({ kind }) => kind === "issued")).toMatchObject({ because: "leaver" });
  });

  it("tells nothing of what is only announced, nothing of the future, and no more than there is room for", () => {
    expect(told(past({ current: [version(undefined, day(-1), { intent: true })] }))).toEqual([]);
    expect(told(past({ staged: [version("announced", day(-1), { intent: true, issuedOn: day(-1) })] }))).toEqual([]);
    expect(told(past({ current: [version("early", day(1))] }))).toEqual([]);
    const many = Array.from({ length: 200 }, (_, index) => version(`${index}`, day(-index - 1)));
    expect(told(past({ current: many, listed: undefined }))).toHaveLength(MOST_EVENTS);
  });
});
