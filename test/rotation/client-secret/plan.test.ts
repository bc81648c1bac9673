import { describe, expect, it } from "vitest";
import { planRotation } from "../../../shared/rotation/client-secret/plan.ts";
import {
  ask,
  forecastAt,
  held,
  issued,
  next,
  on,
  planAt,
  policy,
  prepared,
  promoted,
  run,
  steady,
  stepAt,
} from "./planned.ts";

describe("planRotation() does nothing", () => {
  it("while the current secret is delivered, confirmed and far from due", () => {
    expect(stepAt(steady, "2026-01-02")).toBeUndefined();
    expect(stepAt(steady, "2026-02-28T23:59:59")).toBeUndefined();
  });

  it("with a proven successor before the current one is due", () => {
    expect(stepAt(prepared, "2026-03-01T12:00:00")).toBeUndefined();
    expect(stepAt(prepared, "2026-03-01T23:59:59")).toBeUndefined();
  });

  it("with foreign credentials, which it is never shown", () => {
    expect(stepAt({ ...steady, issued: [issued("old", "2026-01-01")] }, "2026-02-01")).toBeUndefined();
  });

  it("about a current secret that Entra's lagging list does not show yet", () => {
    const fresh = held({ deliveredOn: on("2026-01-01"), confirmedOn: on("2026-01-01") });
    expect(stepAt({ issued: [], current: fresh, staged: undefined }, "2026-01-01T01:00:00")).toBeUndefined();
  });
});

describe("planRotation() issues", () => {
  it("the first credential", () => {
    expect(stepAt({ issued: [], current: undefined, staged: undefined }, "2026-01-01")).toBe(
      "issue secret (the vault has none)",
    );
  });

  it("a successor from the moment it is to be staged", () => {
    expect(stepAt(steady, "2026-02-28T23:59:59")).toBeUndefined();
    expect(stepAt(steady, "2026-03-01")).toBe("issue secret (due soon)");
  });

  it("one that lives for the policy's lifetime, in whole seconds", () => {
    const { next: step } = planAt(steady, "2026-03-01T00:00:00.789");
    expect(step).toMatchObject({ kind: "issue", expiresOn: on("2026-05-30T00:00:00") });
  });

  it.each([
    ["it is disabled", { enabled: false }, "disabled in the vault"],
    ["it was stored by somebody else", { keyId: undefined }, "not stored by this app"],
    ["it has no expiry date", { expiresOn: undefined }, "due"],
  ])("a successor at once when %s", (_, change, because) => {
    expect(stepAt({ ...steady, current: held(change) }, "2026-02-01")).toBe(`issue secret (${because})`);
  });

  it("a successor when Entra no longer lists the current one, but only after the grace", () => {
    const world = { ...steady, issued: [] };
    expect(stepAt(world, "2026-01-01T01:00:00")).toBeUndefined();
    expect(stepAt(world, "2026-01-01T01:00:01")).toBe("issue secret (no longer in Entra)");
  });

  it("a successor by the day it was stored where no tag says when the current one was issued", () => {
    const untagged = { ...steady, current: held({ issuedOn: undefined, createdOn: on("2026-01-05") }) };
    expect(stepAt(untagged, "2026-02-01", { ask: ask("2026-01-05") })).toBeUndefined();
    expect(stepAt(untagged, "2026-02-01", { ask: ask("2026-01-05T00:00:01") })).toBe("issue secret (requested)");
  });

  it("a successor when asked to replace what was issued before a moment, and not twice", () => {
    expect(stepAt(steady, "2026-02-01", { ask: ask("2026-01-01") })).toBeUndefined();
    expect(stepAt(steady, "2026-02-01", { ask: ask("2026-01-01T00:00:01") })).toBe("issue secret (requested)");
  });

  it("anew when the staged one is only announced, disabled, dead, itself due, or older than asked for", () => {
    const staged = (change: Parameters<typeof next>[0]) => stepAt({ ...prepared, staged: next(change) }, "2026-03-02");
    expect(staged({ intent: true, keyId: undefined })).toBe("issue secret (due)");
    expect(staged({ enabled: false })).toBe("issue secret (due)");
    expect(staged({ keyId: "unknown" })).toBe("issue secret (due)");
    expect(staged({ expiresOn: on("2026-04-01") })).toBe("issue secret (due)");
    expect(stepAt(prepared, "2026-03-01T12:00:00", { ask: ask("2026-03-01T00:00:01") })).toBe(
      "issue secret (requested)",
    );
  });

  it("anew when the staged one could not be proven for six hours", () => {
    const world = { ...prepared, staged: next({ provenOn: undefined }) };
    expect(stepAt(world, "2026-03-01T06:00:00")).toBe("prove new (not proven yet)");
    expect(stepAt(world, "2026-03-01T06:00:01")).toBe("issue secret (due soon)");
  });

  it("not while five managed credentials live, and says so", () => {
    const crowd = ["a", "b", "c"].map((keyId) => issued(keyId, "2026-02-01"));
    const four = { ...steady, issued: [...steady.issued, ...crowd] };
    const five = { ...four, issued: [...four.issued, issued("d", "2026-02-01")] };
    expect(planAt(four, "2026-03-01").blocked).toBeUndefined();
    expect(planAt(five, "2026-02-28T23:59:59").blocked).toBeUndefined();
    expect(planAt(five, "2026-03-01")).toMatchObject({ blocked: expect.stringMatching(/^5 /) });
    expect(stepAt(five, "2026-03-01")).not.toMatch(/^issue/);
  });

  it("with five no more, but makes the staged one of them current, and says nothing of too many", () => {
    const crowd = ["a", "b", "c"].map((keyId) => issued(keyId, "2026-02-01"));
    const five = { ...prepared, issued: [...prepared.issued, ...crowd] };
    expect(planAt(five, "2026-03-02")).toMatchObject({ next: { kind: "promote" }, blocked: undefined });
  });

  it.each([
    ["is disabled", { enabled: false }, "disabled in the vault"],
    ["is no longer listed", { keyId: "gone" }, "no longer in Entra"],
    ["was stored by somebody else", { keyId: undefined }, "not stored by this app"],
  ])("though five exist, up to ten, when the current one %s: else nobody would be served", (_, change, because) => {
    const many = (amount: number) => Array.from({ length: amount }, (_, index) => issued(`x${index}`, "2026-02-01"));
    const world = { issued: many(9), current: held(change), staged: undefined };
    expect(stepAt(world, "2026-02-01T12:00:00")).toBe(`issue secret (${because})`);
    const ten = { ...world, issued: many(10) };
    expect(stepAt(ten, "2026-02-01T12:00:00")).toBeUndefined();
    expect(planAt(ten, "2026-02-01T12:00:00").blocked).toMatch(/^10 /);
  });

  it("though five exist, up to ten, when one leaked, or when one of them has expired", () => {
    const crowd = ["a", "b", "c", "d"].map((keyId) => issued(keyId, "2026-02-01"));
    const five = { ...steady, issued: [...steady.issued, ...crowd] };
    expect(stepAt(five, "2026-03-01", { ask: ask("2026-03-01", true) })).toBe("issue secret (requested)");
    const more = ["e", "f", "g", "h", "i"].map((keyId) => issued(keyId, "2026-02-01"));
    const ten = { ...five, issued: [...five.issued, ...more] };
    expect(planAt(ten, "2026-03-01", { ask: ask("2026-03-01", true) }).blocked).toBe(
      "10 client secrets of this app exist already",
    );
    const expired = { ...five, issued: [...steady.issued, ...crowd.slice(1), issued("x", "2025-12-01")] };
    expect(planAt(expired, "2026-03-01").blocked).toBeUndefined();
  });
});

describe("planRotation() proves and promotes", () => {
  it("proves what is staged before anything else is done with it", () => {
    const world = { ...prepared, staged: next({ provenOn: undefined }) };
    expect(stepAt(world, "2026-03-01T00:00:10")).toBe("prove new (not proven yet)");
    expect(stepAt({ ...world, current: undefined }, "2026-03-01T00:00:10")).toBe("prove new (not proven yet)");
  });

  it("never promotes what is not proven", () => {
    const world = { ...prepared, staged: next({ provenOn: undefined }) };
    expect(stepAt(world, "2026-03-01T05:00:00", { skips: new Set(["prove"]) })).toBeUndefined();
  });

  it("promotes a proven successor from the moment the current one is due", () => {
    expect(stepAt(prepared, "2026-03-01T23:59:59")).toBeUndefined();
    expect(stepAt(prepared, "2026-03-02")).toBe("promote new (due)");
  });

  it("promotes at once when the current one is missing, disabled, dead or asked to be replaced", () => {
    const at = "2026-03-01T12:00:00";
    expect(stepAt({ ...prepared, current: undefined }, at)).toBe("promote new (the vault has none)");
    expect(stepAt({ ...prepared, current: held({ enabled: false }) }, at)).toBe("promote new (disabled in the vault)");
    expect(stepAt({ ...prepared, issued: [issued("new", "2026-03-01")] }, at)).toBe("promote new (no longer in Entra)");
    expect(stepAt(prepared, at, { ask: ask("2026-03-01") })).toBe("promote new (requested)");
  });

  describe("what a run had noted to be promoted", () => {
    const noted = { ...prepared, staged: next({ promotedOn: on("2026-03-01T12:00:00") }) };
    const at = "2026-03-01T13:00:00";

    it("again, as an older one has taken its place or the run died before it was current", () => {
      expect(stepAt(noted, at)).toBe("promote new (overwritten by an older secret)");
      expect(stepAt({ ...noted, current: held({ deliveredOn: undefined }) }, at)).toBe(
        "promote new (overwritten by an older secret)",
      );
      expect(stepAt(noted, "2026-03-02")).toBe("promote new (due)");
    });

    it("not while it is current, nor where what is current was issued later or at the same time", () => {
      expect(stepAt({ ...noted, current: next({ version: "v2", deliveredOn: on("2026-03-01T12:05:00") }) }, at)).toBe(
        "confirm new (delivered by an earlier run)",
      );
      for (const [day, step] of [
        ["2026-02-28T23:59:59", "promote new (overwritten by an older secret)"],
        ["2026-03-01", undefined],
        ["2026-03-01T00:00:01", undefined],
      ] as const) {
        const current = held({ issuedOn: on(day), expiresOn: on("2026-06-01") });
        expect(stepAt({ ...noted, current }, at)).toBe(step);
      }
    });

    it("only after it was proven anew where its proof was taken back", () => {
      const staged = next({ promotedOn: on("2026-03-01T12:00:00"), provenOn: undefined });
      expect(stepAt({ ...noted, staged }, "2026-03-01T02:00:00")).toBe("prove new (not proven yet)");
    });

    it("not when it is too old for what is asked for", () => {
      expect(stepAt(noted, at, { ask: ask("2026-03-01T12:30:00") })).toBe("issue secret (requested)");
    });

    it("and it is not retired meanwhile", () => {
      const current = held({ issuedOn: on("2026-02-01"), deliveredOn: on("2026-02-01"), expiresOn: on("2026-06-01") });
      const skips = new Set(["promote"] as const);
      expect(stepAt({ ...noted, current }, "2026-03-01T20:00:00", { skips })).toBeUndefined();
    });
  });

  it("takes what is current and still staged for no successor", () => {
    const due = promoted({
      deliveredOn: on("2026-03-02"),
      confirmedOn: on("2026-03-02T01:00:00"),
      expiresOn: on("2026-04-10"),
    });
    expect(stepAt(due, "2026-03-11")).toBe("issue secret (due)");
  });

  it("does not promote again what is current already", () => {
    expect(
      stepAt(promoted({ deliveredOn: on("2026-03-02"), confirmedOn: on("2026-03-02T01:00:00") }), "2026-03-03"),
    ).toBeUndefined();
  });
});

describe("planRotation() pushes", () => {
  it("what is current and not delivered", () => {
    expect(stepAt(promoted(), "2026-03-02T00:00:01")).toBe("push new (not delivered)");
  });

  it("leaves a fresh one to the event handler for five minutes where the run is no request", () => {
    const timer = { leavesPushToEvent: true };
    expect(stepAt(promoted(), "2026-03-02T00:04:59", timer)).toBeUndefined();
    expect(stepAt(promoted(), "2026-03-02T00:05:00", timer)).toBe("push new (not delivered)");
  });

  it("goes on at once with what the event handler had no time for", () => {
    const goesOnWith = { of: "v2 of the bot", noted: on("2026-03-02T00:10:00").toISOString() };
    const left = promoted({ pushOn: on("2026-03-02T00:10:00") });
    expect(stepAt(left, "2026-03-02T00:01:00", { leavesPushToEvent: true, goesOnWith })).toBe(
      "push new (not delivered)",
    );
    expect(stepAt(left, "2026-03-02T00:01:00", { leavesPushToEvent: true })).toBeUndefined();
  });

  it("leaves one to the time that its readers have, unless a call or a leak asks, and says when that is over", () => {
    const waiting = promoted({ readUntil: on("2026-03-03") });
    const timer = { leavesPushToEvent: true };
    expect(stepAt(waiting, "2026-03-02T12:00:00", timer)).toBeUndefined();
    expect(planAt(waiting, "2026-03-02T12:00:00", timer).later).toContainEqual({
      kind: "push",
      on: on("2026-03-03"),
      target: "new",
    });
    expect(stepAt(waiting, "2026-03-03", timer)).toBe("push new (not delivered)");
    expect(stepAt(waiting, "2026-03-02T12:00:00")).toBe("push new (not delivered)");
    const leak = { ...timer, ask: ask("2026-02-28", true) };
    expect(stepAt(waiting, "2026-03-02T12:00:00", leak)).toBe("push new (not delivered)");
  });

  it("even while its successor cannot be issued, proven or promoted", () => {
    const crowd = ["a", "b", "c", "d"].map((keyId) => issued(keyId, "2026-02-01"));
    const undelivered = held({ deliveredOn: undefined, confirmedOn: undefined });
    const five = { issued: [...steady.issued, ...crowd], current: undelivered, staged: undefined };
    expect(stepAt(five, "2026-03-02")).toBe("push old (not delivered)");
    const unproven = { ...prepared, current: undelivered, staged: next({ provenOn: undefined }) };
    expect(stepAt(unproven, "2026-03-01T01:00:00", { skips: new Set(["prove"]) })).toBe("push old (not delivered)");
  });

  it("never what is disabled, dead or not ours", () => {
    const skips = new Set(["issue"] as const);
    for (const change of [{ enabled: false }, { keyId: undefined }, { keyId: "gone" }]) {
      const world = { ...steady, current: held({ ...change, deliveredOn: undefined }) };
      expect(stepAt(world, "2026-02-01", { skips })).toBeUndefined();
    }
  });

  it("once more after old ones were revoked", () => {
    const delivered = promoted({ deliveredOn: on("2026-03-02") });
    expect(
      stepAt({ ...delivered, issued: [issued("new", "2026-03-01")] }, "2026-03-02T00:01:00", { revoked: true }),
    ).toBe("push new (old secrets were revoked)");
  });
});

describe("planRotation() confirms", () => {
  const delivered = promoted({ deliveredOn: on("2026-03-02") });

  it("only by a run that began fifteen minutes after the delivery", () => {
    expect(stepAt(delivered, "2026-03-02T00:14:59")).toBeUndefined();
    expect(stepAt(delivered, "2026-03-02T00:15:00")).toBe("confirm new (delivered by an earlier run)");
  });

  it("not by a run that was alive at the delivery, however late it is now", () => {
    expect(stepAt(delivered, "2026-03-02T09:00:00", { beganOn: on("2026-03-02T00:14:59") })).toBeUndefined();
  });

  it("once", () => {
    const confirmed = promoted({ deliveredOn: on("2026-03-02"), confirmedOn: on("2026-03-02T01:00:00") });
    expect(stepAt(confirmed, "2026-03-03")).toBeUndefined();
  });
});

describe("planRotation() retires", () => {
  const inUse = promoted({ deliveredOn: on("2026-03-02"), confirmedOn: on("2026-03-02T01:00:00") });

  it("the old one when the overlap has passed since delivery, not since storing", () => {
    expect(stepAt(inUse, "2026-03-08T23:59:59")).toBeUndefined();
    expect(stepAt(inUse, "2026-03-09")).toBe("retire old (replaced)");
    const late = promoted({ deliveredOn: on("2026-03-20"), confirmedOn: on("2026-03-20T01:00:00") });
    expect(stepAt(late, "2026-03-26")).toBeUndefined();
    expect(stepAt(late, "2026-03-27")).toBe("retire old (replaced)");
  });

  it("nothing before the delivery is confirmed", () => {
    const unconfirmed = promoted({ deliveredOn: on("2026-03-02") });
    const skips = new Set(["confirm"] as const);
    expect(stepAt(unconfirmed, "2026-03-20", { skips })).toBeUndefined();
  });

  it("nothing while the current one is not delivered, however long that takes", () => {
    expect(stepAt(promoted(), "2026-04-20", { skips: new Set(["push", "issue"]) })).toBeUndefined();
  });

  it("nothing while Entra's lagging list lacks the current one, even without any overlap", () => {
    const current = next({
      issuedOn: on("2026-03-02"),
      deliveredOn: on("2026-03-02"),
      confirmedOn: on("2026-03-02T00:16:00"),
    });
    const at = { name: "secret", now: on("2026-03-02T00:59:00"), run: run({ checked: current, handedOn: "n1" }) };
    const none = { ...policy, overlapDays: 0 };
    const listed = [issued("old", "2026-01-01"), issued("new", "2026-03-02")];
    expect(planRotation({ issued: listed.slice(0, 1), current, staged: undefined }, none, at).next).toBeUndefined();
    expect(planRotation({ issued: listed, current, staged: undefined }, none, at).next).toMatchObject({
      kind: "retire",
    });
  });

  it("never the staged one", () => {
    const world = { ...steady, issued: [issued("old", "2026-01-01"), issued("new", "2026-03-01")], staged: next() };
    expect(stepAt(world, "2026-03-01T20:00:00")).toBeUndefined();
  });

  it("nothing within a quarter of an hour of staging, when a run may be about to promote what was displaced", () => {
    const displaced = {
      ...steady,
      issued: [...steady.issued, issued("displaced", "2026-02-01"), issued("new", "2026-03-01")],
    };
    const staged = next({ createdOn: on("2026-03-01T10:00:00") });
    expect(stepAt({ ...displaced, staged }, "2026-03-01T10:14:59")).toBeUndefined();
    expect(stepAt({ ...displaced, staged }, "2026-03-01T10:15:00")).toBe("retire displaced (replaced)");
  });

  it("an orphan, but only when it is older than the grace", () => {
    const orphan = (time: string) => ({
      ...steady,
      issued: [...steady.issued, { ...issued("orphan", "2026-02-01"), issuedOn: on(time) }],
    });
    expect(stepAt(orphan("2026-02-01"), "2026-02-01T01:00:00")).toBeUndefined();
    expect(stepAt(orphan("2026-02-01"), "2026-02-01T01:00:01")).toBe("retire orphan (replaced)");
  });

  it("one whose announced successor has taken the staging place of its value", () => {
    const world = { ...prepared, staged: next({ intent: true, keyId: undefined }) };
    expect(stepAt(world, "2026-03-01T12:00:00", { skips: new Set(["issue"]) })).toBe("retire new (replaced)");
  });

  it("the oldest first, whatever order Entra lists them in", () => {
    const crowd = [
      issued("c", "2025-12-03"),
      issued("old", "2026-01-01"),
      issued("b", "2025-12-02"),
      issued("a", "2025-12-02"),
    ];
    expect(forecastAt({ ...steady, issued: crowd }, "2026-02-01")).toEqual(["retire a", "retire b", "retire c"]);
  });
});

describe("planRotation() checks what is current", () => {
  const inUse = promoted({ deliveredOn: on("2026-03-02"), confirmedOn: on("2026-03-02T01:00:00") });
  const unchecked = { checked: undefined };

  it("before anything goes, in the same run, and for the very credential that its tags name", () => {
    const check = "check new (before older secrets are retired)";
    expect(stepAt(inUse, "2026-03-09", unchecked)).toBe(check);
    expect(stepAt(inUse, "2026-03-09", { checked: { version: "v2", keyId: "new" } })).toBe("retire old (replaced)");
    expect(stepAt(inUse, "2026-03-09", { checked: { version: "v1", keyId: "new" } })).toBe(check);
    expect(stepAt(inUse, "2026-03-09", { checked: { version: "v2", keyId: "old" } })).toBe(check);
    expect(stepAt(inUse, "2026-03-09", { ...unchecked, skips: new Set(["check"]) })).toBeUndefined();
  });

  it("after a leak too", () => {
    const leak = { ...unchecked, ask: ask("2026-03-02T12:00:00", true) };
    const successor = promoted({ issuedOn: on("2026-03-02T12:00:00"), deliveredOn: on("2026-03-02T12:00:20") });
    expect(stepAt(successor, "2026-03-02T12:00:21", leak)).toBe("check new (before older secrets are retired)");
    const checked = { ...leak, checked: { version: "v2", keyId: "new" } };
    expect(stepAt(successor, "2026-03-02T12:00:21", checked)).toBe("retire old (compromised)");
  });

  it("and has it handed on once more in the same run, whatever its tags say of a delivery", () => {
    const confirm = "confirm new (before older secrets are retired)";
    expect(stepAt(inUse, "2026-03-09", { handedOn: undefined })).toBe(confirm);
    expect(stepAt(inUse, "2026-03-09", { handedOn: "v1" })).toBe(confirm);
    expect(stepAt(inUse, "2026-03-09", { handedOn: "v2" })).toBe("retire old (replaced)");
    expect(stepAt(inUse, "2026-03-09", { handedOn: undefined, skips: new Set(["confirm"]) })).toBeUndefined();
    const leak = { handedOn: undefined, ask: ask("2026-03-02T12:00:00", true) };
    const successor = promoted({ issuedOn: on("2026-03-02T12:00:00"), deliveredOn: on("2026-03-02T12:00:20") });
    expect(stepAt(successor, "2026-03-02T12:00:21", leak)).toBe(confirm);
    const left = { ...inUse, current: { ...inUse.current, pushOn: on("2026-03-09T01:00:00") } as typeof inUse.current };
    expect(stepAt(left, "2026-03-09", { handedOn: undefined })).toBeUndefined();
    expect(forecastAt(inUse, "2026-03-09", { handedOn: undefined })).toEqual(["confirm new", "retire old"]);
  });

  it("but hands nothing on before what is younger goes: nobody was given that", () => {
    const orphan = { keyId: "orphan", issuedOn: on("2026-03-05"), expiresOn: on("2026-06-03") };
    const [own, others] = [
      inUse.issued.filter(({ keyId }) => keyId === "new"),
      inUse.issued.filter(({ keyId }) => keyId !== "new"),
    ];
    const alone = { ...inUse, issued: [...own, orphan] };
    const unhanded = { handedOn: undefined };
    expect(stepAt(alone, "2026-03-09", unhanded)).toBe("retire orphan (replaced)");
    const both = { ...inUse, issued: [...own, ...others, orphan] };
    expect(stepAt(both, "2026-03-09", unhanded)).toBe("confirm new (before older secrets are retired)");
    const left = { ...both, current: { ...inUse.current, pushOn: on("2026-03-09T01:00:00") } as typeof inUse.current };
    expect(stepAt(left, "2026-03-09", unhanded)).toBe("retire orphan (replaced)");
    // Entra's list may be out of date.
    const leak = { ...unhanded, ask: ask("2026-03-06", true) };
    const unlisted = { ...inUse, issued: [orphan], current: { ...inUse.current, issuedOn: on("2026-03-07") } };
    expect(stepAt(unlisted as typeof inUse, "2026-03-09", leak)).not.toBe("retire orphan (compromised)");
  });

  it("a day after somebody signed in with it last", () => {
    const check = "check old (no known sign-in for 24 hours)";
    expect(stepAt(steady, "2026-01-01T23:59:59", unchecked)).toBeUndefined();
    expect(stepAt(steady, "2026-01-02", unchecked)).toBe(check);
    const noted = { ...steady, current: held({ checkedOn: on("2026-01-05") }) };
    expect(stepAt(noted, "2026-01-05T23:59:59", unchecked)).toBeUndefined();
    expect(stepAt(noted, "2026-01-06", unchecked)).toBe(check);
  });

  it("not because of a note that is older than the version itself", () => {
    const noted = { ...steady, current: held({ createdOn: on("2026-01-10"), checkedOn: on("2026-01-05") }) };
    expect(stepAt(noted, "2026-01-10T23:59:59", unchecked)).toBeUndefined();
    expect(stepAt(noted, "2026-01-11", unchecked)).toMatch(/^check/);
  });

  it("not for the sake of old ones that this run cannot take away", () => {
    const inUse = promoted({ deliveredOn: on("2026-03-02"), confirmedOn: on("2026-03-02T01:00:00") });
    const tried = { ...unchecked, skips: new Set(["retire old"]) };
    const checkedAt = { ...inUse, current: inUse.current && { ...inUse.current, checkedOn: on("2026-03-09") } };
    expect(stepAt(checkedAt, "2026-03-09", unchecked)).toMatch(/^check/);
    expect(stepAt(checkedAt, "2026-03-09", tried)).toBeUndefined();
  });

  it("whatever a note says that lies in the future", () => {
    const noted = (day: string) => ({ ...steady, current: held({ checkedOn: on(day) }) });
    expect(stepAt(noted("2027-01-01"), "2026-01-02", unchecked)).toMatch(/^check/);
    expect(stepAt(noted("2026-01-02T00:10:00"), "2026-01-02", unchecked)).toBeUndefined();
    expect(stepAt(noted("2026-01-02T00:10:01"), "2026-01-02", unchecked)).toMatch(/^check/);
  });

  it("not one that is dead, disabled or found out already: that is replaced", () => {
    const found = { ...steady, current: held({ refusedOn: on("2026-01-03") }) };
    expect(stepAt(found, "2026-01-03", unchecked)).toBe("issue secret (failed its last check)");
    const skips = new Set(["issue"]);
    expect(stepAt(found, "2026-01-03", { ...unchecked, skips })).toBeUndefined();
    expect(
      stepAt({ ...steady, current: held({ enabled: false }) }, "2026-01-03", { ...unchecked, skips }),
    ).toBeUndefined();
  });
});

describe("planRotation() goes on where it can", () => {
  it("takes away each leaked credential that it has not failed with already", () => {
    const leak = ask("2026-03-02T12:00:00", true);
    const successor = promoted({ issuedOn: on("2026-03-02T12:00:00"), deliveredOn: on("2026-03-02T12:00:20") });
    const many = { ...successor, issued: [issued("older", "2025-12-01"), ...successor.issued] };
    const at = "2026-03-02T12:00:21";
    expect(stepAt(many, at, { ask: leak })).toBe("retire older (compromised)");
    expect(stepAt(many, at, { ask: leak, skips: new Set(["retire older"]) })).toBe("retire old (compromised)");
    expect(stepAt(many, at, { ask: leak, skips: new Set(["retire older", "retire old"]) })).toBeUndefined();
  });
});

describe("planRotation() after a leak", () => {
  const leak = { ask: ask("2026-03-02T12:00:00", true) };
  const replaced = {
    ...promoted({ issuedOn: on("2026-03-02T12:00:00"), createdOn: on("2026-03-02T12:00:10") }),
    issued: [issued("old", "2026-01-01"), { ...issued("new", "2026-03-02"), issuedOn: on("2026-03-02T12:00:01") }],
  };

  it("retires nothing before the successor is delivered", () => {
    expect(stepAt(replaced, "2026-03-02T12:00:20", leak)).toBe("push new (not delivered)");
    expect(stepAt(replaced, "2026-03-02T12:00:20", { ...leak, skips: new Set(["push"]) })).toBeUndefined();
  });

  it("retires what was issued before at once when it is, without overlap or confirmation", () => {
    const delivered = {
      ...replaced,
      current: { ...replaced.current, deliveredOn: on("2026-03-02T12:00:20") } as typeof replaced.current,
    };
    expect(stepAt(delivered, "2026-03-02T12:00:21", leak)).toBe("retire old (compromised)");
  });

  it("spares what was issued since, and what no leak was reported of", () => {
    const delivered = {
      ...replaced,
      current: { ...replaced.current, deliveredOn: on("2026-03-02T12:00:20") } as typeof replaced.current,
    };
    const younger = {
      ...delivered,
      issued: [...delivered.issued.slice(1), { ...issued("other", "2026-03-02"), issuedOn: on("2026-03-02T12:00:00") }],
    };
    expect(stepAt(younger, "2026-03-02T12:00:21", leak)).toBeUndefined();
    expect(stepAt(delivered, "2026-03-02T12:00:21", { ask: ask("2026-03-02T12:00:00") })).toBeUndefined();
  });

  it("still retires by the usual rule what no leak was reported of", () => {
    const orphan = { ...issued("orphan", "2026-03-03"), issuedOn: on("2026-03-03") };
    const current = {
      ...replaced.current,
      deliveredOn: on("2026-03-02T12:00:20"),
      confirmedOn: on("2026-03-02T13:00:00"),
    };
    const world = {
      issued: [...replaced.issued.slice(1), orphan],
      current: current as typeof replaced.current,
      staged: undefined,
    };
    expect(stepAt(world, "2026-03-10", leak)).toBe("retire orphan (replaced)");
  });

  it("never retires the leaked one while it is still current", () => {
    const crowd = { ...steady, issued: [issued("older", "2025-12-20"), ...steady.issued] };
    expect(stepAt(crowd, "2026-01-03", { ...leak, skips: new Set(["issue"]) })).toBeUndefined();
  });
});

describe("forecast()", () => {
  it("lists a first rotation from issuing to delivery", () => {
    expect(forecastAt({ issued: [], current: undefined, staged: undefined }, "2026-01-01")).toEqual([
      "issue secret",
      "prove (new)",
      "promote (new)",
      "push (new)",
    ]);
  });

  it("lists what a leak would do, the second push included", () => {
    expect(forecastAt(steady, "2026-02-01", { ask: ask("2026-02-01", true) })).toEqual([
      "issue secret",
      "prove (new)",
      "promote (new)",
      "push (new)",
      "check (new)",
      "retire old",
      "push (new)",
    ]);
  });

  it("lists a confirmation and the retirements that follow it, without a push in between", () => {
    const delivered = promoted({ deliveredOn: on("2026-03-02") });
    expect(forecastAt(delivered, "2026-03-10")).toEqual(["confirm new", "retire old"]);
  });

  it("lists nothing when nothing is due", () => {
    expect(forecastAt(steady, "2026-02-01")).toEqual([]);
  });
});

describe("later", () => {
  it("dates confirmation, retirement, the next staging and the next promotion", () => {
    const { later } = planAt(promoted({ deliveredOn: on("2026-03-02") }), "2026-03-02T00:01:00");
    expect(later.map(({ kind, on: date, target }) => `${kind} ${target} ${date.toISOString().slice(0, 16)}`)).toEqual([
      "confirm new 2026-03-02T00:15",
      "retire old 2026-03-09T00:00",
      "issue secret 2026-04-29T00:00",
      "promote secret 2026-04-30T00:00",
    ]);
  });

  it("says nothing of staging while a successor is staged, and of retiring it never", () => {
    const kinds = (world: typeof steady) =>
      planAt(world, "2026-03-01T12:00:00").later.map(({ kind, target }) => `${kind} ${target}`);
    expect(kinds(prepared)).toEqual(["promote secret"]);
    expect(kinds({ ...prepared, staged: next({ intent: true }) })).toEqual([
      "retire new",
      "issue secret",
      "promote secret",
    ]);
    expect(kinds({ ...steady, staged: held() })).toEqual(["issue secret", "promote secret"]);
  });

  it("dates the retirement of a young orphan after its grace", () => {
    const orphan = { ...issued("orphan", "2026-02-01"), issuedOn: on("2026-02-01T12:00:00") };
    const { later } = planAt({ ...steady, issued: [...steady.issued, orphan] }, "2026-02-01T12:10:00");
    expect(later[0]).toEqual({ kind: "retire", on: on("2026-02-01T13:00:00"), target: "orphan" });
  });

  it("dates what is overdue now", () => {
    expect(planAt(steady, "2026-05-01").later.map((one) => one.on)).toEqual([on("2026-05-01"), on("2026-05-01")]);
  });

  it("says nothing about a secret that does not exist", () => {
    expect(planAt({ issued: [], current: undefined, staged: undefined }, "2026-01-01").later).toEqual([]);
  });
});
