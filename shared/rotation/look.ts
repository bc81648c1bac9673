import { codeOf } from "../errors.ts";
import { type LookEvent, remedyOf } from "../log.ts";
import { messageOf } from "../retry.ts";
import type { Outcome } from "./outcome.ts";

interface Named {
  /** Of the vault secret. */
  name: string;
}

/** How the messages about a credential's rotation begin. */
export function subjectOf({ name }: Named): string {
  return `rotation of "${name}"`;
}

/**
 * What is told of a run at its end. One that had no time for any step has failed, unless a message `goesOn` with what it
 * has begun: otherwise nobody would hear that there is never enough.
 */
export function lookOf(credential: Named, outcome: Outcome, { goesOn }: { goesOn: boolean }): LookEvent {
  const { steps, later, unseen, unused, waitingFor } = outcome;
  const subject = subjectOf(credential);
  if (unseen) {
    const message = `${subject}: left to the next run (${unseen}): ${unused}`;
    return { event: "look", state: "waiting", code: unseen, message };
  }
  const moved = steps.some(({ state }) => state === "done");
  if (!moved && steps.some(({ code }) => code === "out-of-time")) {
    const [state, did] = goesOn ? (["waiting", "goes on"] as const) : (["failed", "made no progress"] as const);
    return { event: "look", state, code: "out-of-time", message: `${subject} ${did} (out-of-time): ${waitingFor}` };
  }
  const [soonest] = later;
  const next = soonest ? `; next: ${soonest.kind} on ${soonest.on.toISOString()}` : "";
  const message = `${subject}: ${didOf(outcome)}${next}`;
  return { event: "look", state: "done", message, next: soonest?.kind, nextOn: soonest?.on };
}

/** A run that could not find out what is due, or may not do it. */
export function failedLook(credential: Named, error: unknown): LookEvent {
  const message = `${subjectOf(credential)} failed (${codeOf(error)}): ${messageOf(error)}`;
  return { event: "look", state: "failed", message, ...remedyOf(error) };
}

function didOf({ steps, converged, unused }: Outcome): string {
  if (unused !== undefined) return `not used: ${unused}`;
  if (steps.length > 0) return steps.map(({ kind, state }) => `${kind} ${state}`).join(", ");
  return converged ? "nothing to do" : "another run is working on it";
}
