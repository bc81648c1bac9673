import { describe, expect, it } from "vitest";
import { UpstreamError } from "../../shared/errors.ts";
import { failedLook, lookOf } from "../../shared/rotation/look.ts";
import type { Outcome } from "../../shared/rotation/outcome.ts";
import { on } from "./client-secret/planned.ts";

const secret = { name: "openmetadata-bot-token" };
const HEAD = 'rotation of "openmetadata-bot-token"';
const outcome: Outcome = { steps: [], converged: true, later: [], current: undefined };
const step = { kind: "push", because: "not delivered", target: "one" } as const;
const told = (change: Partial<Outcome>, goesOn = false) => lookOf(secret, { ...outcome, ...change }, { goesOn });

describe("what is told of a run at its end", () => {
  it("is on a healthy day that there was nothing to do, and what comes next", () => {
    const later = [{ kind: "issue", on: on("2026-03-02"), target: "x" } as const];
    expect(told({ later })).toEqual({
      event: "look",
      state: "done",
      message: `${HEAD}: nothing to do; next: issue on 2026-03-02T00:00:00.000Z`,
      next: "issue",
      nextOn: on("2026-03-02"),
    });
    expect(told({}).message).toBe(`${HEAD}: nothing to do`);
  });

  it.each<[what: string, change: Partial<Outcome>, text: string]>([
    ["its steps", { steps: [{ ...step, state: "done" }] }, "push done"],
    ["that another run does it", { converged: false }, "another run is working on it"],
    [
      "why there is nothing to rotate",
      { unused: "the bot signs in otherwise" },
      "not used: the bot signs in otherwise",
    ],
  ])("is %s", (_, change, text) => {
    expect(told(change)).toMatchObject({ state: "done", message: `${HEAD}: ${text}` });
  });

  it("is red where there was no time for any step, unless a message goes on with it", () => {
    const late = { steps: [{ ...step, state: "waiting", code: "out-of-time" } as const], waitingFor: "no time" };
    const message = `${HEAD} made no progress (out-of-time): no time`;
    expect(told(late)).toEqual({ event: "look", state: "failed", code: "out-of-time", message });
    const further = `${HEAD} goes on (out-of-time): no time`;
    expect(told(late, true)).toEqual({ event: "look", state: "waiting", code: "out-of-time", message: further });
    const moved = { ...late, steps: [{ ...step, state: "done" } as const, ...late.steps] };
    expect(told(moved)).toMatchObject({ state: "done", message: `${HEAD}: push done, push waiting` });
  });

  it("is not red where something else is waited for", () => {
    const waiting = { steps: [{ ...step, state: "waiting", code: "token-cache-pending" } as const] };
    expect(told(waiting)).toMatchObject({ state: "done", message: `${HEAD}: push waiting` });
  });

  it("is whom the next run has to ask again", () => {
    expect(told({ unused: "no answer", unseen: "openmetadata-unavailable" })).toEqual({
      event: "look",
      state: "waiting",
      code: "openmetadata-unavailable",
      message: `${HEAD}: left to the next run (openmetadata-unavailable): no answer`,
    });
  });

  it("is why it failed, with what to do", () => {
    const error = new UpstreamError("Cannot read", { service: "Key Vault", status: 403, hint: "give the role" });
    expect(failedLook(secret, error)).toEqual({
      event: "look",
      state: "failed",
      code: "vault-refused",
      hint: "give the role",
      message: `${HEAD} failed (vault-refused): Cannot read`,
    });
  });
});
