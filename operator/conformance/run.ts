import { type Case, Difference, type Need, NotModelled, NotThere, type Tenant } from "./case.ts";
import { CASES } from "./cases/all.ts";
import { type Access, openTenant } from "./tenant.ts";
import { isDeleted, type Stays, throwAway } from "./throw-away.ts";

/**
 * `differs`: the service does otherwise; `untried`: something else went wrong; `skipped`: not asked for, or nothing to
 * look at; `not modelled`: a stand-in was asked for what it does not know.
 */
export interface Result {
  id: string;
  claim: string;
  state: "holds" | "differs" | "untried" | "skipped" | "not modelled";
  seen: string;
}

export interface Outcome {
  results: Result[];
  /** What could not be removed, and why. */
  left: Stays[];
  /** What was deleted, and is kept by the service for a while. */
  kept: Stays[];
}

export interface Wanted {
  /** What may be used beside the sign-in. */
  offered: readonly Need[];
  /** Ids of cases; all when there are none. */
  only: readonly string[];
}

/** The cases that would run. */
export function chosen({ offered, only }: Wanted): Case[] {
  const wanted = CASES.filter(({ id }) => only.length === 0 || only.includes(id));
  return wanted.filter(({ needs = [] }) => needs.every((need) => offered.includes(need)));
}

/** What was just made, or is just being deleted, cannot always be removed at once. */
const PAUSE = 15_000;

/** Who is told how it goes. */
export interface Listener {
  begin?(one: Case): void;
  tell(result: Result): void;
  /** So many objects are removed now. */
  remove?(count: number): void;
  /** Somebody asks for the end: nothing is begun any more, and what was made is removed. */
  signal?: AbortSignal;
}

/** Tries each case; whatever happens, also when `signal` ends it, what was made is removed again. */
export async function runCases(access: Access, wanted: Wanted, listener: Listener): Promise<Outcome> {
  const thrown = throwAway();
  const tenant = openTenant(access, thrown, listener.signal);
  const results: Result[] = [];
  const running = chosen(wanted);
  let stays: Stays[] = [];
  try {
    for (const one of CASES.filter(({ id }) => wanted.only.length === 0 || wanted.only.includes(id))) {
      if (listener.signal?.aborted) break;
      if (running.includes(one)) listener.begin?.(one);
      const result = running.includes(one) ? await attempt(one, tenant) : skipped(one, wanted);
      results.push(result);
      listener.tell(result);
    }
  } finally {
    if (thrown.count() > 0) listener.remove?.(thrown.count());
    stays = await thrown.removeAll(() => access.clock.wait(PAUSE));
  }
  return { results, left: stays.filter(({ why }) => !isDeleted(why)), kept: stays.filter(({ why }) => isDeleted(why)) };
}

async function attempt(one: Case, tenant: Tenant): Promise<Result> {
  const { id, claim } = one;
  try {
    return { id, claim, state: "holds", seen: (await one.run(tenant)) ?? "" };
  } catch (error) {
    return { id, claim, state: stateAfter(error), seen: error instanceof Error ? error.message : String(error) };
  }
}

function stateAfter(error: unknown): Result["state"] {
  if (error instanceof Difference) return "differs";
  if (error instanceof NotThere) return "skipped";
  return error instanceof NotModelled ? "not modelled" : "untried";
}

function skipped({ id, claim, needs = [] }: Case, { offered }: Wanted): Result {
  const missing = needs.filter((need) => !offered.includes(need)).map((need) => `--${need}`);
  return { id, claim, state: "skipped", seen: `needs ${missing.join(", ")}` };
}
