import type { Holder, Ports, Pushed } from "../../shared/rotation/client-secret/ports.ts";
import type { Version } from "../../shared/rotation/secret-store.ts";
import { PATIENCE, PROOF } from "./bounds.ts";
import type { Call, StoreName } from "./call.ts";
import { keyIdOf, secretValueOf } from "./credential.ts";
import type { Opening } from "./opening.ts";
import { contentOf } from "./vault-version.ts";

/** What stands behind the ports of one run. */
export interface Backing {
  opening: Opening;
  /** Answers a request, at once or never. */
  request(call: Call): Promise<unknown>;
  /** The time of the world. */
  time(): number;
  log(line: string): void;
}

/** The ports of a run, and what was seen through them. */
export interface Seen {
  ports: Ports;
  sawClock: boolean;
  /** It has waited for a proof until its time was over. */
  late: boolean;
  /** Key id that has just been seen to sign in often enough. */
  proved: string | undefined;
}

/**
 * Ports that turn every request into a `Call`. Reading the value of a version, drawing a nonce and waiting are answered
 * at once, and so is every sign-in of a proof but the first.
 */
export function portsOf({ opening, request, time, log }: Backing): Seen {
  const asked: Asked = <T>(call: Call) => request(call) as Promise<T>;
  const store = (name: StoreName) => storeOf(asked, name);
  const tries = { keyId: "", ok: true, inARow: 0, waited: 0, repeats: false, refused: false };
  const endsOn = opening.beganOn + PATIENCE[opening.kind];
  const seen: Seen = {
    sawClock: false,
    late: false,
    proved: undefined,
    ports: {
      name: "secret",
      credentials: {
        list: () => asked({ kind: "list" }),
        // No tenant policy: those are plain refusals, told before anything is written.
        limits: async () => undefined,
        issue: (_objectId, nonce, expiresOn) =>
          asked({ kind: "issue", announcedOn: announcedOn(nonce), expiresOn: expiresOn.getTime() }),
        retire: (_objectId, keyId) => asked<void>({ kind: "retire", keyId }),
      },
      registration: { appId: "application" },
      ownAppId: async () => undefined,
      // Nothing is remembered from run to run: whoever does remember asks for less.
      clientId: {
        find: async () => (await asked<Holder>({ kind: "list" })).appId,
        tell: () => undefined,
        forget: () => undefined,
      },
      current: store("current"),
      staged: store("staged"),
      async signIn(_appId, value) {
        const keyId = keyIdOf(value);
        if (!tries.repeats || tries.keyId !== keyId) {
          const { kind } = await asked<{ kind: string }>({ kind: "sign-in", keyId });
          Object.assign(tries, { keyId, ok: kind === "signed-in", inARow: 0, waited: 0 });
        }
        tries.repeats = false;
        tries.refused = !tries.ok;
        tries.inARow += 1;
        if (tries.inARow > 1_000) throw new Error("A proof does not end");
        if (tries.ok && tries.inARow >= PROOF.signIns && tries.waited >= PROOF.over) seen.proved = keyId;
        return { kind: tries.ok ? "signed-in" : "unknown-secret" };
      },
      consumer: { push: ({ value }) => asked<Pushed>({ kind: "push", keyId: keyIdOf(value) }) },
      now() {
        seen.sawClock = true;
        // A refused proof is tried again until the run's time is over: that time passes for this run alone.
        if (tries.refused) seen.late = true;
        tries.refused = false;
        return new Date(seen.late ? Math.max(time(), endsOn) : time());
      },
      async wait(milliseconds) {
        tries.waited += milliseconds;
        tries.repeats = true;
      },
      nonce: () => "nonce",
      // What a run has come to at its end is no part of where it stands.
      log: (event) => {
        if (event.event !== "look") log(event.message);
      },
    },
  };
  return seen;
}

type Asked = <T>(call: Call) => Promise<T>;

function storeOf(asked: Asked, name: StoreName): Ports["current"] {
  return {
    latest: () => asked<Version | undefined>({ kind: "latest", store: name }),
    value: async (version) => secretValueOf(contentOf(version)),
    store: (value, { keyId, issuedOn, provenOn, expiresOn }) =>
      asked<Version>({
        kind: "store",
        store: name,
        content: keyIdOf(value),
        tags: { keyId, issuedOn: issuedOn.getTime(), proven: provenOn !== undefined },
        expiresOn: expiresOn.getTime(),
      }),
    announce: (_nonce, { on }) => asked<void>({ kind: "announce", on: on.getTime() }),
    note: (version, milestones) => asked<Version>({ kind: "note", version, milestones }),
    vault: "openmetadata-kv",
    isDeleted: async () => false,
    history: async () => [],
  };
}

/** The name that a credential gets at Entra begins with the time at which its run announced it. */
function announcedOn(nonce: string): number | undefined {
  const time = Date.parse(nonce.split(" ")[0] ?? "");
  return Number.isNaN(time) ? undefined : time;
}
