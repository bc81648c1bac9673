import { describe, expect, it } from "vitest";
import { milestonesOfSecret, milestonesOfToken } from "../../shared/page/steps.ts";
import { distance, humane } from "../../shared/page/time.ts";
import { type Bar, type Life, lifeOfSecret, lifeOfToken, timeline } from "../../shared/page/timeline.ts";
import { botToken, clientSecret, current, day, hour, NOW } from "../status/facts.ts";

/** Of 98 days: the nth is drawn at n + 1 percent. */
const bar = (from: number, to: number, more: Partial<Bar> = {}): Bar => ({
  kind: "current",
  from: day(from),
  to: day(to),
  ...more,
});
const drawn = (life: Partial<Life>) =>
  timeline({ bars: [bar(0, 98)], dueOn: undefined, now: day(49), ...life }, "told").markup;
const previous = (more: Partial<Bar> = {}) => bar(0, 98, { kind: "previous", ...more });

describe("the drawing of a life", () => {
  it.each([
    [undefined, undefined],
    [98, "99"],
    [99, undefined],
  ])("marks the day %s on which it is due at %s percent", (due, at) => {
    const markup = drawn({ dueOn: due === undefined ? undefined : day(due) });
    expect(/tick due"><line x1="([\d.]+)%/.exec(markup)?.[1]).toBe(at);
    if (!at) expect(markup).not.toContain("due");
  });

  it.each([
    [64, 28],
    [65, 14],
    [34, 28],
    [33, 14],
  ])("begins the line of now lower where it is due on day %d: at %d", (due, from) => {
    expect(drawn({ dueOn: day(due) })).toContain(`<g class="tick now"><line x1="50%" x2="50%" y1="${from}"`);
  });

  it.each([
    [14, "start"],
    [15, "middle"],
    [83, "middle"],
    [84, "end"],
  ])("keeps the word of day %d inside: %s", (now, anchor) => {
    expect(drawn({ now: day(now) })).toContain(`text-anchor="${anchor}">now<`);
  });

  it.each([
    [0, 34, "", "middle"],
    [0, 35, "wide", "middle"],
    [0, 59, "wide", "middle"],
    [0, 60, "wide", "end"],
    [0, 74, "wide", "end"],
    [0, 75, "always", "end"],
  ])(
    "says from day %d to %d when it was issued where there is room (%s), and its end (%s)",
    (from, to, issued, anchor) => {
      const markup = drawn({ bars: [previous(), bar(from, to)] });
      const left = /<text( class="wide")? x="1%" y="\d+">issued/.exec(markup);
      expect(left ? (left[1] ? "wide" : "always") : "").toBe(issued);
      expect(markup).toContain(`text-anchor="${anchor}">expire`);
      expect(markup).not.toContain("Stryker");
    },
  );

  it("says how far its end is, or since when it is over", () => {
    expect(drawn({ now: day(96) })).toContain(">expires in 2 days<");
    expect(drawn({ now: day(98) })).toContain(">expired now<");
    expect(drawn({ now: day(101) })).toContain(">expired 3 days ago<");
  });

  it("shows what overlaps only where a predecessor outlives the beginning", () => {
    const overlaps = (retireOn: number, kind: Bar["kind"] = "previous") =>
      drawn({ bars: [{ ...previous({ retireOn: day(retireOn) }), kind }, bar(10, 90)] }).includes("both sign in until");
    expect([overlaps(10), overlaps(11), overlaps(11, "next")]).toEqual([false, true, false]);
  });

  it("is lighter from the moment of its retirement, if that comes before its end", () => {
    const isLighter = (retireOn: number | undefined) =>
      drawn({ bars: [previous({ retireOn: retireOn === undefined ? undefined : day(retireOn) })] }).includes('"gone"');
    expect([undefined, 97, 98, 99].map(isLighter)).toEqual([false, true, false, false]);
  });
});

describe("a life", () => {
  it("of a secret is that of its predecessors, itself and its successor", () => {
    const staged = {
      ...current({ keyId: "next", issuedOn: undefined, storedOn: hour(-1), expiresOn: day(90) }),
      stage: "staged" as const,
    };
    const managed = [{ keyId: "older", issuedOn: day(-70), expiresOn: day(20) }, ...clientSecret().inEntra.managed];
    expect(lifeOfSecret(clientSecret({ staged, inEntra: { managed, foreign: 0 } }), NOW)).toEqual({
      bars: [
        { kind: "previous", from: day(-70), to: day(20), retireOn: day(-3) },
        { kind: "current", from: day(-11), to: day(80) },
        { kind: "next", from: hour(-1), to: day(90) },
      ],
      dueOn: day(50),
      now: NOW,
    });
    const unplanned = lifeOfSecret(clientSecret({ plan: undefined, inEntra: { managed, foreign: 0 } }), NOW);
    expect(unplanned).toMatchObject({ bars: [{ retireOn: undefined }, {}], dueOn: undefined });
    expect(lifeOfSecret(clientSecret({ current: current({ expiresOn: undefined }) }), NOW)).toBeUndefined();
    expect(
      lifeOfSecret(clientSecret({ current: undefined, inEntra: { managed: [], foreign: 0 } }), NOW),
    ).toBeUndefined();
  });

  it("of a token is that of the one that the server holds, if it has an end", () => {
    const held = { keyId: "current", issuedOn: day(-5), expiresOn: day(80) };
    const life = (changes: Parameters<typeof botToken>[0]) => lifeOfToken(botToken(changes), NOW);
    expect(life({ inOpenMetadata: held })).toEqual({ bars: [bar(-5, 80)], dueOn: day(50), now: NOW });
    expect(life({ inOpenMetadata: { ...held, issuedOn: undefined } })?.bars).toEqual([bar(-11, 80)]);
    expect(life({ inOpenMetadata: { ...held, issuedOn: undefined }, current: undefined })).toBeUndefined();
    expect(life({ inOpenMetadata: held, plan: undefined })?.dueOn).toBeUndefined();
    expect(life({ inOpenMetadata: { ...held, expiresOn: "never" } })).toBeUndefined();
    expect(life({ inOpenMetadata: "no token" })).toBeUndefined();
  });
});

describe("the milestones of a credential", () => {
  const last = (changes: Parameters<typeof clientSecret>[0]) => milestonesOfSecret(clientSecret(changes), NOW).at(-1);
  const own = clientSecret().inEntra.managed;
  const other = (issuedOn: Date) => ({
    inEntra: { managed: [...own, { keyId: "other", issuedOn, expiresOn: day(9) }], foreign: 0 },
  });

  it("are those of a secret, to the end of its predecessor", () => {
    expect(milestonesOfSecret(clientSecret(), NOW)).toEqual([
      { name: "Issued", on: day(-11) },
      { name: "Proven", on: day(-11) },
      { name: "Current", on: day(-10) },
      { name: "Delivered", on: day(-10), note: "verified" },
      { name: "Confirmed", on: day(-9) },
      { name: "Previous one retired", on: day(-3), note: "none is left" },
    ]);
    expect(milestonesOfSecret(clientSecret({ current: undefined }), NOW)).toEqual([]);
    const none = { name: "Previous one retired", note: "none is left" };
    expect(last({ plan: undefined })).toEqual(none);
    const plan = (retireOn: Date) => ({ plan: { stageOn: day(49), dueOn: day(50), retireOn } });
    expect(last(plan(NOW))).toEqual({ ...none, on: NOW });
    expect(last(plan(hour(1)))).toEqual(none);
  });

  it("have that end ahead while an older one is there, and not for a newer one", () => {
    const ahead = { name: "Previous one retired", expected: day(-3) };
    expect(last(other(day(-12)))).toEqual(ahead);
    expect(last(other(day(-11)))).toMatchObject({ note: "none is left" });
    expect(last({ ...other(day(-10.5)), current: current({ issuedOn: undefined }) })).toEqual(ahead);
    expect(last({ ...other(day(-12)), plan: undefined })).toEqual({ name: "Previous one retired" });
  });

  it("tell when what has not been reached is expected", () => {
    const undelivered = { deliveredOn: undefined, confirmedOn: undefined, delivery: undefined };
    const later = [
      { kind: "confirm", on: hour(3), target: "x" },
      { kind: "push", on: hour(2), target: "x" },
    ] as const;
    const handedOn = (changes: object) =>
      milestonesOfSecret(
        clientSecret({ current: current({ ...undelivered, ...changes }), later: [...later] }),
        NOW,
      ).slice(3, 5);
    expect(handedOn({})).toEqual([
      { name: "Delivered", expected: hour(2) },
      { name: "Confirmed", expected: hour(3) },
    ]);
    expect(handedOn({ readUntil: hour(20) })[0]).toEqual({
      name: "Delivered",
      expected: hour(20),
      note: "readers have time",
    });
  });

  it("of a token are fewer: it is neither proven nor retired", () => {
    expect(milestonesOfToken(botToken()).map(({ name }) => name)).toEqual([
      "Issued",
      "Current",
      "Delivered",
      "Confirmed",
    ]);
    expect(milestonesOfToken(botToken({ current: undefined }))).toEqual([]);
  });
});

describe("a distance", () => {
  it.each([
    [0, "now"],
    [59, "now"],
    [60, "in 1 minute"],
    [-60, "1 minute ago"],
    [119, "in 2 minutes"],
    [3_600, "in 60 minutes"],
    [7_200, "in 2 hours"],
    [86_400, "in 24 hours"],
    [2 * 86_400, "in 2 days"],
  ])("of %d seconds is told in its largest unit that makes two: %s", (seconds, told) => {
    expect(distance(new Date(NOW.getTime() + seconds * 1_000), NOW)).toBe(told);
  });

  it("is not needed in a sentence: its times are written for people", () => {
    expect(humane("from 2031-03-03T12:00:00Z to 2031-03-04T13:05:00.000Z, 2031").markup).toBe(
      'from <time datetime="2031-03-03T12:00:00Z">3 Mar 2031, 12:00 UTC</time> to <time datetime="2031-03-04T13:05:00.000Z">4 Mar 2031, 13:05 UTC</time>, 2031',
    );
  });
});
