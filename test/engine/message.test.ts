import { describe, expect, it } from "vitest";
import { askIn, readMessage, unitOf } from "../../shared/engine/message.ts";
import { MOST_FAILED } from "../../shared/rotation/progress.ts";

const now = new Date("2031-03-03T12:00:00Z");
const unit = unitOf({ deployment: "blue", credential: "bot-token" }, { until: now });
const read = (message: unknown) => readMessage(message, now);

describe("a message", () => {
  it("is read as it was written", () => {
    const ask = askIn({ issuedBefore: now, revokeOld: true });
    const noted = now.toISOString();
    const progress = { of: "v", from: "1", upTo: "2", failed: [{ id: "1", times: 2 }], as: 3, noted };
    Object.assign(progress, { atOnce: 4, unnamed: 5, rounds: 6 });
    const more = { until: now, since: now, ask, progress };
    const whole = unitOf({ deployment: "blue", credential: "bot-token" }, more);
    expect(read(JSON.parse(JSON.stringify(whole)))).toEqual({
      version: 1,
      kind: "rotate",
      deployment: "blue",
      credential: "bot-token",
      until: noted,
      since: noted,
      ask: { issuedBefore: noted, revokeOld: true },
      progress,
    });
    const watch = { version: 1, kind: "watch", ranOn: noted };
    expect(read(watch)).toEqual(watch);
  });

  it("tells nothing that there is not to tell", () => {
    expect(Object.keys(unit)).toEqual(["version", "kind", "deployment", "credential", "until"]);
    expect(askIn(undefined)).toBeUndefined();
  });

  it("tells nothing of the reason that a caller gave", () => {
    const ask = { because: "leak of abc", issuedBefore: now, revokeOld: true };
    expect(askIn(ask)).toEqual({ issuedBefore: now.toISOString(), revokeOld: true });
  });

  it.each([
    ["of a later version of the app", { ...unit, version: 2 }],
    ["of another kind", { ...unit, kind: "delete" }],
    ["about an unknown credential", { ...unit, credential: "root-password" }],
    ["with something that nobody knows", { ...unit, secret: "value" }],
  ])("that is %s is ignored, without its text", (_, message) => {
    expect(read(message)).toEqual({
      kind: "ignored",
      because: expect.stringMatching(/^missing or unexpected value in [\w, ]+$/),
    });
  });

  it.each(["rotate it", null])("that is %j is ignored as a whole", (message) => {
    expect(read(message)).toEqual({ kind: "ignored", because: "missing or unexpected value in the message" });
  });

  it("that asks to replace what will be issued later than clocks differ is ignored", () => {
    const ask = { issuedBefore: "2031-03-03T12:10:00.001Z", revokeOld: true };
    expect(read({ ...unit, ask })).toEqual({ kind: "ignored", because: "its issuedBefore is in the future" });
    expect(read({ ...unit, ask: { ...ask, issuedBefore: "2031-03-03T12:10:00.000Z" } })).toMatchObject({
      kind: "rotate",
    });
  });

  it("has room for as many failures as a delivery names", () => {
    const failed = Array.from({ length: MOST_FAILED }, (_, index) => ({ id: crypto.randomUUID(), times: index }));
    const whole = unitOf(unit, { until: now, progress: { of: "v", from: "1", failed } });
    expect(Buffer.from(JSON.stringify(whole)).toString("base64").length).toBeLessThan(64 * 1024);
  });
});
