import { describe, expect, it } from "vitest";
import { UpstreamError } from "../../shared/errors.ts";
import { isLeft, known, leftTo, remember } from "../../shared/rotation/progress.ts";

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

describe("what is known of a delivery", () => {
  const made = (of: string) => ({ of, from: "p1", failed: [] });
  const left = { ...made("v2"), lookOn: now };

  it("is what this run has noted, or else was told, and of another delivery nothing", () => {
    expect(known({ left, told: made("v2") }, "v2")).toBe(left);
    expect(known({ left, told: made("v1") }, "v1")).toEqual(made("v1"));
    expect(known({ left, told: made("v1") }, "v3")).toBeUndefined();
    expect(known(undefined, "v1")).toBeUndefined();
  });

  it("is what the message is told of the note, where there are both", () => {
    const notebook = { left: { ...left, lookOn: now, noted: undefined } };
    remember(notebook, {});
    expect(notebook.left.noted).toBeUndefined();
    remember(notebook, { pushOn });
    expect(notebook.left.noted).toBe(pushOn.toISOString());
    expect(() => {
      remember(undefined, { pushOn });
      remember({}, { pushOn });
    }).not.toThrow();
  });

  it("is left to a message where time ran out, or pipelines could not be deployed, and after no other failure", () => {
    const pushOn = new Date(now.getTime() + 15 * 60_000);
    const failed = (code: "pipelines-not-deployed" | "bot-sign-in-failed") =>
      new UpstreamError("no", { service: "OpenMetadata", status: 502, code });
    expect(leftTo({ left })).toEqual({ pushOn, pushFailed: false });
    expect(leftTo({ left }, failed("pipelines-not-deployed"))).toEqual({ pushOn, pushFailed: true });
    expect(leftTo({ left }, failed("bot-sign-in-failed"))).toBeUndefined();
    expect(leftTo({ left }, new TypeError("broken"))).toBeUndefined();
    expect(leftTo({})).toBeUndefined();
  });
});
