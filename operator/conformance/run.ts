import { type Case, Difference, type Need, type Tenant } from "./case.ts";
import { CASES } from "./cases/all.ts";
import { type Access, openTenant } from "./tenant.ts";
import { throwAway } from "./throw-away.ts";

/** `differs`: the service does otherwise; `untried`: something else went wrong; `skipped`: not asked for. */
export interface Result {
  id: string;
  claim: string;
  state: "holds" | "differs" | "untried" | "skipped";
  seen: string;
}

export interface Outcome {
  results: Result[];
  /** What could not be removed, and why. */
  left: string[];
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
  return wanted.filter(({ needs }) => needs === undefined || offered.includes(needs));
}

/** Tries each case; whatever happens, also when `signal` ends it, what was made is removed again. */
export async function runCases(
  access: Access,
  wanted: Wanted,
  { tell, signal }: { tell(result: Result): void; signal?: AbortSignal },
): Promise<Outcome> {
  const thrown = throwAway();
  const tenant = openTenant(access, thrown);
  const results: Result[] = [];
  const running = chosen(wanted);
  let left: string[] = [];
  try {
    for (const one of CASES.filter(({ id }) => wanted.only.length === 0 || wanted.only.includes(id))) {
      if (signal?.aborted) break;
      const result = running.includes(one) ? await attempt(one, tenant) : skipped(one);
      results.push(result);
      tell(result);
    }
  } finally {
    left = await thrown.removeAll();
  }
  return { results, left };
}

async function attempt(one: Case, tenant: Tenant): Promise<Result> {
  const { id, claim } = one;
  try {
    return { id, claim, state: "holds", seen: (await one.run(tenant)) ?? "" };
  } catch (error) {
    const seen = error instanceof Error ? error.message : String(error);
    return { id, claim, state: error instanceof Difference ? "differs" : "untried", seen };
  }
}

function skipped({ id, claim, needs }: Case): Result {
  return { id, claim, state: "skipped", seen: `needs --${needs}` };
}
