import { setImmediate } from "node:timers/promises";
import type { Ports } from "../../shared/rotation/client-secret/ports.ts";
import type { Ask, Policy } from "../../shared/rotation/order.ts";
import { PATIENCE, POLICY } from "./bounds.ts";
import type { Answer, Call } from "./call.ts";
import type { Opening } from "./opening.ts";
import { type Backing, portsOf, type Seen } from "./ports.ts";

/** The code under test: the app's own, or a copy with a fault in it that must be found out. */
export interface Code {
  rotate(
    ports: Ports,
    order: {
      policy: Policy;
      beganOn: Date;
      endsOn: Date;
      ask?: Ask | undefined;
      leavesPushToEvent?: boolean;
      briefly?: boolean;
    },
  ): Promise<unknown>;
  deliverCurrent(ports: Ports, endsOn: Date): Promise<unknown>;
  UpstreamError: new (message: string, facts: { service: "Key Vault"; status: number }) => Error;
}

/** The answer to the run's nth request, and when it came. */
export interface Entry {
  call: number;
  answer: Answer;
  on: number;
}

/** Where a run stands when it has got certain answers. */
export interface Standing extends Omit<Seen, "ports"> {
  /** What it has asked for without an answer yet, by number. */
  waitsFor: { index: number; call: Call }[];
  ended: "no" | "returned" | "failed" | "broken";
  /** It has returned, and says that nothing is left of what it was asked for. */
  converged: boolean;
  /** Why it failed; it is broken when the error is not one of the app's own. */
  fault: unknown;
  lines: string[];
  /** Requests since the last line. */
  requests: number;
  /** It has heard some of what it asked for at once, and not yet the rest. */
  partly: boolean;
  /** Keys of what Entra's list and the vault have told it since it last asked for all of them. */
  told: string[];
}

/** Begins a run as the functions do: rotate-credential, rotate-client-secret, push-client-secret. */
export function beginRun(code: Code, opening: Opening, ports: Ports): Promise<unknown> {
  const { kind, ask } = opening;
  const beganOn = new Date(opening.beganOn);
  const endsOn = new Date(opening.beganOn + PATIENCE[kind]);
  if (kind === "handler") return code.deliverCurrent(ports, endsOn);
  const order = { policy: POLICY, beganOn, endsOn };
  const asked = ask && { because: "asked", issuedBefore: new Date(ask.issuedBefore), revokeOld: ask.revokeOld };
  if (kind !== "call") return code.rotate(ports, { ...order, ask: asked, leavesPushToEvent: true, briefly: true });
  return code.rotate(ports, { ...order, ask: asked });
}

/**
 * Runs the code on recorded answers until it wants one that is not recorded: an async function cannot be copied, but
 * it does the same again when it is told the same.
 */
export async function replay(code: Code, opening: Opening, history: readonly Entry[]): Promise<Standing> {
  const recorded = new Map(history.map((entry, order) => [entry.call, { ...entry, order }]));
  const waitsFor: Standing["waitsFor"] = [];
  const lines: string[] = [];
  let told: string[] = [];
  let calls = 0;
  let requests = 0;
  let batch = 0;
  let gathers = false;
  let latest = -1;
  let time = opening.beganOn;
  const backing: Backing = {
    opening,
    request(call) {
      const index = calls++;
      requests += 1;
      // What is asked for in one go.
      if (!gathers) {
        batch = 0;
        gathers = true;
        queueMicrotask(() => {
          gathers = false;
        });
      }
      batch += 1;
      if (call.kind === "list" && opening.kind !== "handler") told = [];
      const entry = recorded.get(index);
      if (!entry) {
        waitsFor.push({ index, call });
        return new Promise(() => {});
      }
      // What follows an answer happens at the time of that answer; of several awaited together, of the last.
      if (entry.order > latest) {
        latest = entry.order;
        time = entry.on;
      }
      seen.sawClock = false;
      seen.proved = undefined;
      if (isKept(call)) told.push(entry.answer.key);
      return given(code, entry.answer);
    },
    time: () => time,
    log: (line) => {
      lines.push(line);
      requests = 0;
    },
  };
  const seen = portsOf(backing);
  const outcome: Pick<Standing, "ended" | "converged" | "fault"> = { ended: "no", converged: false, fault: undefined };
  beginRun(code, opening, seen.ports).then(
    (answer) => Object.assign(outcome, { ended: "returned", converged: isConverged(answer) }),
    (fault: unknown) => Object.assign(outcome, { ended: isExpected(fault) ? "failed" : "broken", fault }),
  );
  await setImmediate();
  const { sawClock, late, proved } = seen;
  const partly = waitsFor.length > 0 && waitsFor.length < batch;
  return { ...outcome, waitsFor, lines, requests, partly, told, sawClock, late, proved };
}

/** A run may go by the answer for as long as it likes: the versions that it has written, too. */
function isKept({ kind }: Call): boolean {
  return kind === "list" || kind === "latest" || kind === "store" || kind === "note";
}

/** An answer as the code gets it: a value, or the error of a service that did not answer. */
export function given(code: Code, answer: Answer): Promise<unknown> {
  if (!("failure" in answer)) return Promise.resolve(answer.value());
  return Promise.reject(new code.UpstreamError(answer.failure, { service: "Key Vault", status: 0 }));
}

/** A failure that the app reports by itself; anything else is a mistake in it. */
export function isExpected(error: unknown): boolean {
  return error instanceof Error && ["UpstreamError", "StalledError"].includes(error.name);
}

function isConverged(answer: unknown): boolean {
  return typeof answer === "object" && answer !== null && "converged" in answer && answer.converged === true;
}
