import { setImmediate } from "node:timers/promises";
import type { Pushed } from "../../shared/rotation/ports.ts";
import type { Ports, Version } from "../../shared/rotation/ports.ts";
import type { Ask, Policy } from "../../shared/rotation/state.ts";
import { PATIENCE, PROOF } from "./bounds.ts";
import type { Answer, Call, StoreName } from "./call.ts";
import { keyIdOf, valueOf } from "./credential.ts";
import { contentOf } from "./vault-version.ts";

/** The code under test. Defaults to the app's own; a copy with a fault in it must be found out. */
export interface Code {
  rotate(
    ports: Ports,
    order: { policy: Policy; beganOn: Date; endsOn: Date; ask?: Ask | undefined; leavesPushToEvent?: boolean },
  ): Promise<unknown>;
  deliverCurrent(ports: Ports, endsOn: Date): Promise<unknown>;
  UpstreamError: new (
    message: string,
    facts: { service: "Key Vault"; status: number; transient?: boolean },
  ) => Error;
}

export type RunKind = "timer" | "call" | "handler";

/** How a run began. */
export interface Opening {
  readonly kind: RunKind;
  readonly beganOn: number;
  readonly ask: { readonly issuedBefore: number; readonly revokeOld: boolean } | undefined;
}

/** The answer to the run's nth request, and when it came. */
export interface Entry {
  call: number;
  answer: Answer;
  on: number;
}

/** Where a run stands when it has got these answers. */
export interface Standing {
  /** What it has asked for without an answer yet, by number. */
  waitsFor: { index: number; call: Call }[];
  ended: "no" | "returned" | "failed" | "broken";
  /** Why it is broken: an error that is not one of the app's own. */
  fault: unknown;
  lines: string[];
  /** It has looked at the clock since the last answer. */
  sawClock: boolean;
  /** It has waited for a proof until its time was over. */
  late: boolean;
  /** Key id whose proof the last answer completed. */
  proved: string | undefined;
}

/**
 * Runs the app's own code on recorded answers until it wants one that is not recorded: an async function cannot be
 * copied, but it does the same again when it is told the same. Reading the value of a version, drawing a nonce and
 * waiting are answered at once, and so is every sign-in of a proof but the first.
 */
export async function replay(code: Code, policy: Policy, { opening, history }: Recording): Promise<Standing> {
  const standing: Standing = {
    waitsFor: [],
    ended: "no",
    fault: undefined,
    lines: [],
    sawClock: false,
    late: false,
    proved: undefined,
  };
  const ports = replayingPorts(code, { opening, history }, standing);
  const beganOn = new Date(opening.beganOn);
  const endsOn = new Date(opening.beganOn + PATIENCE[opening.kind]);
  const { ask } = opening;
  const order = { policy, beganOn, endsOn };
  const run =
    opening.kind === "handler"
      ? code.deliverCurrent(ports, endsOn)
      : opening.kind === "timer"
        ? code.rotate(ports, { ...order, leavesPushToEvent: true })
        : code.rotate(ports, { ...order, ask: ask && { ...ask, because: "asked", issuedBefore: new Date(ask.issuedBefore) } });
  run.then(
    () => {
      standing.ended = "returned";
    },
    (error: unknown) => {
      const expected = error instanceof Error && ["UpstreamError", "StalledError"].includes(error.name);
      standing.ended = expected ? "failed" : "broken";
      standing.fault = error;
    },
  );
  await setImmediate();
  return standing;
}

export interface Recording {
  opening: Opening;
  history: readonly Entry[];
}

function replayingPorts(code: Code, { opening, history }: Recording, standing: Standing): Ports {
  const recorded = new Map(history.map((entry, order) => [entry.call, { ...entry, order }]));
  let calls = 0;
  // What a run does after an answer it does at the time of that answer; of several that it awaited, of the last.
  let time = opening.beganOn;
  let latest = -1;
  const signIns = { of: "", ok: true, inARow: 0, waited: 0, fresh: false, justRefused: false };
  const request = <T>(call: Call): Promise<T> => {
    const index = calls++;
    const entry = recorded.get(index);
    if (!entry) {
      standing.waitsFor.push({ index, call });
      return new Promise<T>(() => {});
    }
    if (entry.order > latest) {
      latest = entry.order;
      time = entry.on;
    }
    standing.sawClock = false;
    standing.proved = undefined;
    const { answer } = entry;
    if (!("failure" in answer)) return Promise.resolve(answer.value as T);
    return Promise.reject(
      new code.UpstreamError(answer.failure, { service: "Key Vault", status: 0, transient: true }),
    );
  };
  const store = (name: StoreName): Ports["current"] => ({
    latest: () => request<Version | undefined>({ kind: "latest", store: name }),
    value: async (version) => valueOf(contentOf(version)),
    store: (value, { keyId, issuedOn, provenOn, expiresOn }) =>
      request<Version>({
        kind: "store",
        store: name,
        content: keyIdOf(value),
        tags: { keyId, issuedOn: issuedOn.getTime(), provenOn: provenOn?.getTime() },
        expiresOn: expiresOn.getTime(),
      }),
    announce: (_nonce, on) => request<void>({ kind: "announce", on: on.getTime() }),
    note: (version, milestones) => request<void>({ kind: "note", version, milestones }),
    isDeleted: async () => false,
  });
  return {
    name: "secret",
    credentials: {
      list: () => request({ kind: "list" }),
      issue: (_objectId, _nonce, expiresOn) => request({ kind: "issue", expiresOn: expiresOn.getTime() }),
      retire: (_objectId, keyId) => request<void>({ kind: "retire", keyId }),
    },
    current: store("current"),
    staged: store("staged"),
    async signIn(_appId, value) {
      const keyId = keyIdOf(value);
      if (!(signIns.fresh && signIns.of === keyId)) {
        const found = await request<{ kind: "signed-in" | "unknown-secret" | "expired-secret" }>({ kind: "sign-in", keyId });
        Object.assign(signIns, { of: keyId, ok: found.kind === "signed-in", inARow: 0, waited: 0 });
      }
      signIns.fresh = false;
      signIns.inARow += 1;
      if (signIns.inARow > 1_000) throw new Error("A proof does not end");
      if (signIns.ok && signIns.inARow >= PROOF.signIns && signIns.waited >= PROOF.over) standing.proved = keyId;
      signIns.justRefused = !signIns.ok;
      return { kind: signIns.ok ? "signed-in" : "unknown-secret" };
    },
    consumer: { push: ({ value }) => request<Pushed>({ kind: "push", keyId: keyIdOf(value) }) },
    now() {
      standing.sawClock = true;
      // A proof that is refused goes on until its time is over: that time passes for this run alone.
      if (signIns.justRefused) standing.late = true;
      signIns.justRefused = false;
      const endsOn = opening.beganOn + PATIENCE[opening.kind];
      return new Date(standing.late ? Math.max(time, endsOn) : time);
    },
    async wait(milliseconds) {
      signIns.waited += milliseconds;
      signIns.fresh = true;
    },
    nonce: () => "nonce",
    log: (line) => {
      standing.lines.push(line);
    },
  };
}
