import { describe, expect, it } from "vitest";
import { nextLook } from "../../shared/engine/next-look.ts";
import type { Outcome } from "../../shared/rotation/outcome.ts";

const now = new Date("2031-03-03T12:00:00Z");
const at = (minutes: number) => new Date(now.getTime() + minutes * 60_000);
const look = (outcome: Partial<Outcome>, more: { until?: Date; since?: Date } = {}) =>
  nextLook({ steps: [], later: [], ...outcome }, { now, until: at(60), ...more });
const done = [{ kind: "push", because: "not delivered", target: "id", state: "done" }] as const;
const confirm = { kind: "confirm", target: "id" } as const;

describe("nextLook()", () => {
  it("is none after a mere look, also where another run has put off what the message came for: doubles would never end", () => {
    expect(look({ later: [{ ...confirm, on: at(15) }] })).toBeUndefined();
  });

  it("is none after a check either: daily checks would each leave a message for the same moment", () => {
    const check = { kind: "check", because: "nobody has signed in with it for a day", target: "id", state: "done" };
    expect(look({ steps: [check as never], later: [{ ...confirm, on: at(15) }] })).toBeUndefined();
  });

  it("is in a minute while something is waited for, or when that says", () => {
    expect(look({ waitingFor: "Entra" })).toEqual({ on: at(1), until: at(60), since: now });
    expect(look({ waitingFor: "pipelines", lookOn: at(5) })).toEqual({ on: at(5), until: at(60), since: now });
  });

  it("is none when the next sweep looks first: of many messages each ends", () => {
    expect(look({ waitingFor: "Entra" }, { until: at(0.5) })).toBeUndefined();
    expect(look({ waitingFor: "pipelines", lookOn: at(61) })).toBeUndefined();
  });

  it("is when the next thing comes, after a step", () => {
    const next = { on: at(15), until: at(75) };
    expect(look({ steps: [...done], later: [{ ...confirm, on: at(15) }] })).toEqual(next);
  });

  it("is the sooner of the two", () => {
    const later = [{ ...confirm, on: at(0.5) }];
    expect(look({ steps: [...done], waitingFor: "Entra", later })).toMatchObject({ on: at(0.5) });
    expect(look({ steps: [...done], waitingFor: "Entra", later: [{ ...confirm, on: at(15) }] })).toEqual({
      on: at(1),
      until: at(60),
      since: now,
    });
  });

  it("is the seldomer the longer nothing moves, and in a minute again once something has", () => {
    const waited = { since: at(-20) };
    expect(look({ waitingFor: "Entra" }, waited)).toEqual({ on: at(5), until: at(60), since: at(-20) });
    expect(look({ waitingFor: "Entra", steps: [...done] }, waited)).toMatchObject({ on: at(1), since: now });
    const until = at(24 * 60);
    let looks = 0;
    for (let time: Date | undefined = now; time; looks += 1) {
      time = nextLook({ steps: [], later: [], waitingFor: "Entra" }, { now: time, until, since: now })?.on;
    }
    expect(looks).toBeLessThan(35);
  });

  it("leaves to the sweeps what falls due by the calendar: all that waited for it would come at once", () => {
    const later = [
      { kind: "issue", target: "id", on: at(30) } as const,
      { kind: "promote", target: "id", on: at(40) } as const,
    ];
    expect(look({ steps: [...done], later })).toBeUndefined();
    expect(look({ steps: [...done], later: [...later, { ...confirm, on: at(50) }] })).toMatchObject({ on: at(50) });
  });

  it("leaves to the sweeps what is farther off than the queue can hide a message", () => {
    expect(look({ steps: [...done], later: [{ kind: "retire", target: "id", on: at(7 * 24 * 60) }] })).toBeUndefined();
  });
});
