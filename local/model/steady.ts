import { HOUR } from "../../shared/rotation/state.ts";
import { TIMER_PERIOD } from "./bounds.ts";
import type { Call } from "./call.ts";
import { effects, land } from "./effect.ts";
import { acknowledge, prove } from "./evidence.ts";
import { signIns } from "./perform.ts";
import { portsOf } from "./ports.ts";
import { beginRun, type Code, given, isExpected, type Opening } from "./replay.ts";
import { at, type State } from "./state.ts";
import type { World } from "./world.ts";

/** How a world came to rest when all faults had ended. */
export interface Rest {
  /** Timer runs until the consumer held a current, delivered, living secret; undefined: never. */
  servedAfter: number | undefined;
  /** Timer runs until nothing was left to do. */
  steadyAfter: number | undefined;
  /** How long that took. */
  hours: number;
  /** What the last run failed with. */
  fault: unknown;
}

const MOST_RUNS = 24;

/** No more faults, nobody else: a timer run every hour, each to its end, until there is nothing left to do. */
export async function comeToRest(code: Code, world: World, skew: number): Promise<Rest> {
  let now: World = withoutFaults(world);
  let servedAfter: number | undefined;
  let fault: unknown;
  for (let runs = 0; runs <= MOST_RUNS; runs += 1) {
    if (servedAfter === undefined && isServed(now)) servedAfter = runs;
    const hours = (now.now - world.now) / HOUR;
    if (isSteady(now)) return { servedAfter, steadyAfter: runs, hours, fault };
    if (runs > 0) now = at(now.now + TIMER_PERIOD, { world: now, runs: [] })?.world ?? now;
    const after = await timerRun(code, now, skew);
    now = after.world;
    fault = after.fault;
  }
  return { servedAfter, steadyAfter: undefined, hours: MOST_RUNS, fault };
}

async function timerRun(code: Code, world: World, skew: number): Promise<{ world: World; fault: unknown }> {
  const opening: Opening = { kind: "timer", beganOn: world.now, ask: undefined };
  let state: State = { world, runs: [] };
  const request = async (call: Call): Promise<unknown> => {
    if (call.kind === "push") {
      const [tried] = signIns(state.world, call.keyId);
      if (tried?.answer.key !== "in") return given(code, { key: "refused", failure: "Entra refuses the secret" });
      state = acknowledge(land({ ...state, world: tried.world }, { keyId: call.keyId, stale: false }), call.keyId, world.now);
      return { kind: "delivered", detail: "verified" };
    }
    const [effect] = effects(state, call, { by: opening, ahead: 0, skew });
    if (!effect) throw new Error(`Nothing answers ${call.kind}`);
    state = effect.state;
    return given(code, effect.answer);
  };
  const seen = portsOf({ opening, request, time: () => state.world.now, log: () => {} });
  const fault = await beginRun(code, opening, seen.ports).then(
    () => undefined,
    (error: unknown) => error,
  );
  if (fault !== undefined && !isExpected(fault)) throw fault;
  return { world: seen.proved ? prove(state.world, seen.proved) : state.world, fault };
}

function withoutFaults(world: World): World {
  const { left } = world;
  const none = { crashes: 0, lost: 0, stale: 0, refusals: 0, lingers: 0, person: 0, minutes: 0 };
  return { ...world, adrift: [], left: { ...left, ...none } };
}

/** The consumer holds what is current, and that signs in. */
function isServed({ current, held, credentials, now }: World): boolean {
  if (!held || !current?.enabled || current.tags.deliveredOn === undefined) return false;
  if (held.keyId !== current.content) return false;
  return credentials.some(({ keyId, removed, expiresOn }) => keyId === held.keyId && !removed && now < expiresOn);
}

/** Served, confirmed, and no managed credential is left but the current and the staged one. */
function isSteady(world: World): boolean {
  const { current, staged, credentials } = world;
  if (!isServed(world) || !current?.tags.confirmed) return false;
  const wanted = [current.content, staged?.intent ? undefined : staged?.content];
  return credentials.every(({ keyId, removed }) => removed || wanted.includes(keyId));
}

/** In minutes: ages between two of these make no difference to any run that a timer begins every hour. */
const AGES = [1, 5, 15, 60, 61, 120, 121, 180, 181, 240, 241, 300, 301, 360, 361, 420, 421];

/**
 * Tells apart worlds that come to rest differently: the same one an hour later, with other names, comes to rest in the
 * same way.
 */
export function restKey({ now, credentials, current, staged, held }: World): string {
  const age = (time: number | undefined): string =>
    time === undefined ? "-" : String.fromCharCode(97 + AGES.filter((minutes) => minutes * 60_000 <= now - time).length);
  const left = (time: number | undefined): number => (time === undefined ? -1 : Math.ceil((time - now) / HOUR));
  const relevant = [current?.content, staged?.content, held?.keyId];
  const names: string[] = [];
  let key = "";
  for (const { keyId, addedOn, expiresOn, removed } of credentials) {
    if (removed && !relevant.includes(keyId)) continue;
    names.push(keyId);
    key += `${age(addedOn)}${left(expiresOn)}${removed ? "x" : ""} `;
  }
  const name = (content: string | undefined): string => {
    const index = content === undefined ? -1 : names.indexOf(content);
    return index >= 0 ? String(index) : (content ?? "-");
  };
  for (const one of [current, staged]) {
    if (!one) {
      key += "|-";
      continue;
    }
    const { issuedOn, proven, deliveredOn, confirmed, keyId } = one.tags;
    const marks = `${proven ? "p" : ""}${confirmed ? "c" : ""}${keyId ? "" : "f"}`;
    const flags = `${one.enabled ? "" : "x"}${one.intent ? "i" : ""}${marks}`;
    key += `|${name(one.content)}${flags}${age(one.createdOn)}${age(issuedOn)}${age(deliveredOn)}${left(one.expiresOn)}`;
  }
  return `${key}|${name(held?.keyId)}`;
}
