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
    if (runs > 0) now = at(now.now + TIMER_PERIOD, { world: now, runs: [] }).world;
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
      state = acknowledge(land({ ...state, world: tried.world }, { keyId: call.keyId, stale: false }), call.keyId, opening);
      return { kind: "delivered", detail: "verified" };
    }
    const [effect] = effects(state, call, { by: opening, skew });
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
  if (!isServed(world) || current?.tags.confirmedOn === undefined) return false;
  const wanted = [current.content, staged?.intent ? undefined : staged?.content];
  return credentials.every(({ keyId, removed }) => removed || wanted.includes(keyId));
}

/**
 * Tells apart worlds that come to rest differently: the same one an hour later, with other names, comes to rest in the
 * same way. What is so old that no rule asks how old it is, is only old.
 */
export function restKey(world: World): string {
  const { now, credentials, current, staged, held } = world;
  const names = new Map(credentials.map(({ keyId }, index) => [keyId, index]));
  const age = (time: number | undefined, most: number): string =>
    time === undefined ? "-" : String(Math.max(time - now, -most) / 60_000);
  const relevant = [current?.content, staged?.content, held?.keyId];
  let key = "";
  for (const { keyId, addedOn, expiresOn, removed } of credentials) {
    if (removed && !relevant.includes(keyId)) names.delete(keyId);
    else key += `${age(addedOn, 2 * HOUR)}~${age(expiresOn, 1e15)}${removed ? "x" : ""} `;
  }
  const renamed = [...names.keys()];
  const name = (content: string | undefined): string => {
    const index = content === undefined ? -1 : renamed.indexOf(content);
    return index >= 0 ? String(index) : (content ?? "-");
  };
  for (const one of [current, staged]) {
    if (!one) key += "|-";
    else {
      const { issuedOn, provenOn, deliveredOn, confirmedOn, keyId } = one.tags;
      const marks = `${provenOn === undefined ? "" : "p"}${confirmedOn === undefined ? "" : "c"}${keyId ? "" : "f"}`;
      const ages = `${age(one.createdOn, 7 * HOUR)},${age(issuedOn, 2 * HOUR)},${age(deliveredOn, 3 * HOUR)}`;
      key += `|${name(one.content)}${one.enabled ? "" : "x"}${one.intent ? "i" : ""}${marks},${ages},${age(one.expiresOn, 1e15)}`;
    }
  }
  return `${key}|${name(held?.keyId)}`;
}
