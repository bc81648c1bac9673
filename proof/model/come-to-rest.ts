import { HOUR } from "../../shared/limits.ts";
import { MOST_RUNS_TO_SERVED, MOST_RUNS_TO_STEADY, TIMER_PERIOD } from "./bounds.ts";
import { type Call, REFUSED } from "./call.ts";
import { effects, land } from "./effect.ts";
import { acknowledge, prove } from "./evidence.ts";
import { type Breach, isNotedAsNewer } from "./judge.ts";
import { at, type State } from "./model-state.ts";
import type { Opening } from "./opening.ts";
import { portsOf } from "./ports.ts";
import { isLetIn, signIns } from "./reads.ts";
import { beginRun, type Code, given, isExpected } from "./replay.ts";
import { findCredential, type World } from "./world.ts";

/** How a world came to rest when all faults had ended. */
export interface Rest {
  /** Timer runs until the consumer held a current, delivered, living secret; undefined: never. */
  servedAfter: number | undefined;
  /** Timer runs until nothing was left to do; undefined: never. */
  steadyAfter: number | undefined;
  hours: number;
}

/** So many timer runs may pass after the last fault. */
export interface Limits {
  mostRunsToServed?: number | undefined;
  mostRunsToSteady?: number | undefined;
}

const MOST_RUNS = 12;

/** No more faults, nobody else: a timer run every hour, each to its end, until there is nothing left to do. */
export async function comeToRest(code: Code, world: World, skew: number): Promise<Rest> {
  let now = withoutFaults(world);
  let servedAfter: number | undefined;
  for (let runs = 0; runs <= MOST_RUNS; runs += 1) {
    if (isServed(now)) servedAfter ??= runs;
    if (isSteady(now)) return { servedAfter, steadyAfter: runs, hours: (now.now - world.now) / HOUR };
    if (runs > 0) now = at(now.now + TIMER_PERIOD, { world: now, runs: [] })?.world ?? now;
    now = await timerRun(code, now, skew);
  }
  return { servedAfter, steadyAfter: undefined, hours: (now.now - world.now) / HOUR };
}

/** Faults have ended, and after a run or two the consumer is served; later nothing superfluous is left. */
export function judgeRest(
  { servedAfter, steadyAfter }: Rest,
  { mostRunsToServed = MOST_RUNS_TO_SERVED, mostRunsToSteady = MOST_RUNS_TO_STEADY }: Limits = {},
): Breach | undefined {
  if (servedAfter === undefined)
    return { promise: "convergence", rule: "faults have ended, and the consumer is never served" };
  if (steadyAfter === undefined)
    return { promise: "convergence", rule: "faults have ended, and steady state is never reached" };
  if (servedAfter > mostRunsToServed)
    return {
      promise: "convergence",
      rule: `faults have ended, and more than ${mostRunsToServed} runs pass until the consumer is served`,
    };
  if (steadyAfter > mostRunsToSteady)
    return {
      promise: "convergence",
      rule: `faults have ended, and more than ${mostRunsToSteady} runs pass until steady state`,
    };
  return undefined;
}

async function timerRun(code: Code, world: World, skew: number): Promise<World> {
  const opening: Opening = { kind: "timer", beganOn: world.now, ask: undefined };
  let state: State = { world, runs: [] };
  const push = (keyId: string): Promise<unknown> => {
    const [tried] = signIns(state.world, keyId);
    if (!tried || !isLetIn(tried)) return given(code, REFUSED);
    const landed = land({ ...state, world: tried.world }, { keyId, excuse: undefined });
    state = acknowledge(landed, keyId, opening.beganOn);
    return Promise.resolve({ kind: "delivered", detail: "verified" });
  };
  const request = async (call: Call): Promise<unknown> => {
    if (call.kind === "push") return push(call.keyId);
    const [effect] = effects(state, call, { by: opening, ahead: 0, skew });
    if (!effect) throw new Error(`Nothing answers "${call.kind}"`);
    state = effect.state;
    return given(code, effect.answer);
  };
  const seen = portsOf({ opening, request, time: () => state.world.now, log: () => {} });
  await beginRun(code, opening, seen.ports).catch((error: unknown) => {
    if (!isExpected(error)) throw error;
  });
  return seen.proved ? prove(state.world, seen.proved) : state.world;
}

function withoutFaults(world: World): World {
  const none = { crashes: 0, lost: 0, stale: 0, refusals: 0, lingers: 0, person: 0, minutes: 0 };
  return { ...world, adrift: [], left: { ...world.left, ...none } };
}

/** The consumer holds what is current, and that signs in. */
function isServed(world: World): boolean {
  const { current, held, credentials, now } = world;
  if (!held || !current?.enabled || current.tags.deliveredOn === undefined) return false;
  if (held.keyId !== current.content || isDisplaced(world)) return false;
  return credentials.some(({ keyId, removed, expiresOn }) => keyId === held.keyId && !removed && now < expiresOn);
}

/** It can be seen that another one is to be current instead. */
function isDisplaced(world: World): boolean {
  const present = findCredential(world, world.current?.content);
  return present !== undefined && isNotedAsNewer(world, present);
}

/**
 * Served, confirmed, and no managed credential is left but the current and the staged one, or what the tags of the
 * latter name: who may write tags can keep one from being retired.
 */
function isSteady(world: World): boolean {
  const { current, staged, credentials } = world;
  if (!isServed(world) || !current?.tags.confirmed) return false;
  const wanted = [current.content, staged?.content, staged?.tags.keyId];
  return credentials.every(({ keyId, removed }) => removed || wanted.includes(keyId));
}
