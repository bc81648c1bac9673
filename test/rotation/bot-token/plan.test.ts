import { describe, expect, it } from "vitest";
import { affectsIngestion, dueOn, lifetimeOf } from "../../../shared/rotation/bot-token/plan.ts";
import { ask, forecastAt, held, on, planAt, policy, stepAt, stored, world } from "./planned.ts";

describe("planBotToken() does nothing", () => {
  it("while the server and the vault hold the same token, delivered and confirmed, and it is not due", () => {
    expect(stepAt(world(), "2026-03-01T23:59:59")).toBeUndefined();
  });

  it("about a token that never ends, however old it is", () => {
    const forever = { held: held({ expiresOn: undefined }), current: stored({ expiresOn: undefined }) };
    expect(stepAt(world(forever), "2036-01-01")).toBeUndefined();
    expect(planAt(world(forever), "2036-01-01").later).toEqual([]);
  });

  it("about a token issued in the very second from which it was asked to be new", () => {
    expect(stepAt(world(), "2026-01-02", { ask: ask("2026-01-01T00:00:00.999") })).toBeUndefined();
  });
});

describe("planBotToken() issues", () => {
  it("when the token is due, thirty days before it ends", () => {
    expect(stepAt(world(), "2026-03-02")).toBe("issue token (due)");
    expect(stepAt(world(), "2027-01-01")).toBe("issue token (due)");
  });

  it("when the bot holds none, whatever the vault holds", () => {
    const none = held({ keyId: undefined, issuedOn: undefined, expiresOn: undefined });
    expect(stepAt(world({ held: none }), "2026-01-02")).toBe("issue token (the bot has no token)");
    expect(stepAt(world({ held: none, current: undefined }), "2026-01-02")).toBe("issue token (the bot has no token)");
  });

  it("when asked for, once a run, until the token is newer than what was named", () => {
    const asked = { ask: ask("2026-01-05") };
    expect(stepAt(world(), "2026-01-05", asked)).toBe("issue token (requested)");
    expect(stepAt(world(), "2026-01-05", { ...asked, issuedOn: on("2026-01-05") })).toBeUndefined();
    const newer = world({
      held: held({ issuedOn: on("2026-01-05") }),
      current: stored({ createdOn: on("2026-01-05"), issuedOn: on("2026-01-05") }),
    });
    expect(stepAt(newer, "2026-01-06", asked)).toBeUndefined();
  });

  it("by our own clock where the vault knows the token: the server's may be wrong", () => {
    const asked = { ask: ask("2026-01-05") };
    const slow = held({ issuedOn: on("2026-01-04") });
    const known = stored({ createdOn: on("2026-01-05"), issuedOn: on("2026-01-05") });
    expect(stepAt(world({ held: slow, current: known }), "2026-01-06", asked)).toBeUndefined();
    const unknown = stored({ keyId: "other", issuedOn: on("2026-01-05") });
    expect(stepAt(world({ held: slow, current: unknown }), "2026-01-06", asked)).toBe("issue token (requested)");
  });

  it("whatever a tag says that tells of a time after the token was stored", () => {
    const lie = world({ current: stored({ createdOn: on("2026-01-01"), issuedOn: on("2033-01-01") }) });
    expect(stepAt(lie, "2026-01-05", { ask: ask("2026-01-05", true) })).toBe("issue token (compromised)");
  });

  it("with the longest life that the policy allows and the server offers", () => {
    const lifetimes = [2, 7, 29, 30, 59, 60, 89, 90, 730].map((lifetimeDays) =>
      lifetimeOf({ ...policy, lifetimeDays }),
    );
    expect(lifetimes).toEqual(["7", "7", "7", "30", "30", "60", "60", "90", "90"]);
  });
});

describe("dueOn()", () => {
  it("leaves a short token the first two thirds of its life", () => {
    expect(dueOn(held({ expiresOn: on("2026-01-31") }), policy)).toEqual(on("2026-01-21"));
    expect(dueOn(held({ expiresOn: on("2026-01-31"), issuedOn: undefined }), policy)).toEqual(on("2026-01-01"));
  });
});

describe("planBotToken() waits while pipelines run", () => {
  const running = ["warehouse", "lake"];

  it("with a token that is due for a day, and then no longer", () => {
    const { next, waits } = planAt(world({ running }), "2026-03-02T23:59:59");
    expect(next).toBeUndefined();
    expect(waits?.until).toEqual(on("2026-03-03"));
    expect(waits).toMatchObject({ code: "pipelines-running", because: expect.stringContaining('"warehouse", "lake"') });
    expect(stepAt(world({ running }), "2026-03-03")).toBe("issue token (due)");
  });

  it("with one that was asked for, for an hour", () => {
    const asked = { ask: ask("2026-01-05") };
    expect(planAt(world({ running }), "2026-01-05T00:59:59", asked).waits?.until).toEqual(on("2026-01-05T01:00:00"));
    expect(stepAt(world({ running }), "2026-01-05T01:00:00", asked)).toBe("issue token (requested)");
  });

  it("never past half of the time that is left, nor after a leak, nor without a token", () => {
    const short = held({ issuedOn: on("2026-01-01"), expiresOn: on("2026-01-01T01:00:00") });
    const expiring = world({ held: short, current: stored({ expiresOn: short.expiresOn }), running });
    expect(planAt(expiring, "2026-01-01T00:45:00").waits?.until).toEqual(on("2026-01-01T00:50:00"));
    expect(stepAt(expiring, "2026-01-01T00:50:00")).toBe("issue token (due)");
    expect(stepAt(world({ running }), "2026-01-05", { ask: ask("2026-01-05", true) })).toBe(
      "issue token (compromised)",
    );
    expect(stepAt(world({ held: held({ keyId: undefined }), running }), "2026-01-05")).toMatch(/^issue/);
  });

  it("and delivers what is current meanwhile", () => {
    const undelivered = world({ running, current: stored({ deliveredOn: undefined, confirmedOn: undefined }) });
    expect(stepAt(undelivered, "2026-03-02")).toBe("push one (not delivered)");
    expect(planAt(undelivered, "2026-03-02").waits?.step.kind).toBe("issue");
  });
});

describe("planBotToken() brings the vault in line with the server", () => {
  it.each([
    ["the vault has none", undefined],
    ["OpenMetadata has a different token", stored({ keyId: "older" })],
    ["OpenMetadata has a different token", stored({ keyId: undefined })],
    ["disabled in the vault", stored({ enabled: false })],
  ])("when %s", (because, current) => {
    expect(stepAt(world({ current }), "2026-01-02")).toBe(`promote one (${because})`);
  });
});

describe("planBotToken() delivers", () => {
  it("what is not delivered, and confirms it by a run that began a quarter of an hour later", () => {
    const current = stored({ deliveredOn: on("2026-01-01"), confirmedOn: undefined });
    expect(stepAt(world({ current: stored({ deliveredOn: undefined }) }), "2026-01-02")).toBe(
      "push one (not delivered)",
    );
    expect(stepAt(world({ current }), "2026-01-01T00:14:59")).toBeUndefined();
    expect(stepAt(world({ current }), "2026-01-01T00:15:00")).toBe("confirm one (delivered by an earlier run)");
    expect(stepAt(world({ current }), "2026-01-02", { beganOn: on("2026-01-01T00:14:59") })).toBeUndefined();
  });

  it("nothing that the server does not hold, or that is disabled in the vault", () => {
    const undelivered = { deliveredOn: undefined, confirmedOn: undefined };
    const skips = new Set(["promote"] as const);
    expect(
      stepAt(world({ current: stored({ ...undelivered, keyId: "older" }) }), "2026-01-02", { skips }),
    ).toBeUndefined();
    expect(
      stepAt(world({ current: stored({ ...undelivered, enabled: false }) }), "2026-01-02", { skips }),
    ).toBeUndefined();
  });
});

describe("planBotToken() does not deliver", () => {
  it("what nobody holds: a vault whose tags were taken away, and a bot without a token", () => {
    const nobody = { held: held({ keyId: undefined }), current: stored({ keyId: undefined, deliveredOn: undefined }) };
    expect(stepAt(world(nobody), "2026-01-02", { skips: new Set(["issue"]) })).toBeUndefined();
  });
});

describe("forecast()", () => {
  it("shows a whole rotation", () => {
    expect(forecastAt(world(), "2026-03-02")).toEqual(["issue token", "promote (new)", "push (new)"]);
    expect(forecastAt(world(), "2026-01-05", { ask: ask("2026-01-05") })).toHaveLength(3);
  });

  it("shows nothing where nothing is due", () => {
    expect(forecastAt(world(), "2026-02-01")).toEqual([]);
  });
});

describe("planBotToken() leaves a delivery", () => {
  it("to the message that goes on with it, and shows none in a forecast", () => {
    const current = stored({ deliveredOn: undefined, confirmedOn: undefined, pushOn: on("2026-01-05T00:10:00") });
    expect(stepAt(world({ current }), "2026-01-05")).toBeUndefined();
    expect(forecastAt(world({ current }), "2026-01-05")).toEqual([]);
    expect(stepAt(world({ current }), "2026-01-05T00:10:00")).toBe("push one (not delivered)");
  });
});

describe("planBotToken() of an issue that was tried already", () => {
  it("waits for it no longer", () => {
    const running = world({ running: ["lake"] });
    expect(planAt(running, "2026-03-02", { skips: new Set(["issue"]) }).waits).toBeUndefined();
    expect(planAt(running, "2026-03-02", { skips: new Set(["push"]) }).waits).toBeDefined();
  });
});

describe("later", () => {
  it("tells when the token is due and the delivery confirmed", () => {
    const { later } = planAt(world({ current: stored({ confirmedOn: undefined }) }), "2026-01-01");
    expect(later).toEqual([
      { kind: "confirm", on: on("2026-01-01T00:15:00"), target: "one" },
      { kind: "issue", on: on("2026-03-02"), target: "token" },
    ]);
  });

  it("tells when a delivery that was left is gone on with, as long as that lies ahead", () => {
    const pushOn = on("2026-01-05T00:10:00");
    const at = (change: Parameters<typeof stored>[0], moment = "2026-01-05") =>
      planAt(world({ current: stored({ pushOn, confirmedOn: undefined, ...change }) }), moment).later[0];
    expect(at({ deliveredOn: undefined })).toEqual({ kind: "push", on: pushOn, target: "one" });
    expect(at({})).toEqual({ kind: "confirm", on: pushOn, target: "one" });
    expect(at({}, "2026-01-05T00:10:00")).toEqual({ kind: "confirm", on: on("2026-01-01T00:15:00"), target: "one" });
  });
});

describe("a token that never ends", () => {
  it("is stored again thirty days before the copy in the vault ends", () => {
    const endless = world({ held: held({ expiresOn: undefined }) });
    expect(stepAt(endless, "2026-03-01T23:59:59")).toBeUndefined();
    expect(stepAt(endless, "2026-03-02")).toBe("promote one (the copy in the vault expires soon)");
    expect(stepAt(world(), "2026-03-01T23:59:59")).toBeUndefined();
  });
});

describe("what it does to ingestion", () => {
  it.each([
    [1, "a minute"],
    [3, "1 to 2 minutes"],
    [10, "2 to 4 minutes"],
    [60, "10 to 24 minutes"],
  ])("with %i pipelines is told beforehand: %s", (deployed, time) => {
    const told = affectsIngestion({ deployed });
    expect(told).toContain(`redeploying ${deployed} pipeline${deployed === 1 ? "" : "s"} takes 10 to 24 s each`);
    expect(told).toContain(`refused for ${time}`);
  });

  it("stands with the step that issues, and with no other", () => {
    const { next } = planAt(world({ deployed: 60 }), "2026-03-02");
    expect(next).toEqual({
      kind: "issue",
      because: "due",
      target: "token",
      lifetime: "90",
      affects:
        "the old token becomes invalid at once; redeploying 60 pipelines takes 10 to 24 s each, so the last one is refused for 10 to 24 minutes",
    });
    expect(planAt(world({ deployed: 0 }), "2026-03-02").next).not.toHaveProperty("affects");
  });

  it("is nothing where no pipeline is deployed, or nobody knows", () => {
    expect([affectsIngestion({ deployed: 0 }), affectsIngestion({})]).toEqual([undefined, undefined]);
  });
});
