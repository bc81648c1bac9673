import { type Condition, rank, type Verdict } from "../status/condition.ts";
import type { News } from "./news.ts";
import type { Told } from "./told.ts";

/** Something that is not as it ought to be. */
export interface Trouble {
  verdict: Verdict;
  reason: string;
  message: string;
  hint?: string | undefined;
}

/** What was late already when it was called so. */
const LATE: readonly string[] = ["delivery-late", "overdue", "timer-silent", "work-failed", "deployments-faulty"];

/** What of the trouble is news, and what is remembered of it. `bear`: what may pass by itself is borne so long. Pure. */
export function planTrouble(
  before: Told["trouble"],
  { conditions, failure, now }: { conditions: readonly Condition[]; failure?: Trouble | undefined; now: Date },
  { bear }: { bear: number },
): { news: News[]; told: Pick<Told, "trouble"> } {
  const all: Trouble[] = [...(failure ? [failure] : []), ...conditions];
  const bad = all
    .filter(({ verdict }) => verdict !== "healthy")
    .toSorted((one, other) => rank(one.verdict) - rank(other.verdict));
  const [worst] = bad;
  if (!worst) {
    const news = before && before.told.length > 0 ? [recovered(before)] : [];
    return { news, told: {} };
  }
  const since = before?.since ?? now.toISOString();
  const told = before?.told ?? [];
  const hasLasted = now.getTime() - Date.parse(since) >= bear;
  // One for each look, of what is as bad as the worst.
  const found = bad.find(({ verdict, reason }) => {
    if (verdict !== worst.verdict || told.includes(reason)) return false;
    return verdict === "failing" || LATE.includes(reason) || (told.length === 0 && hasLasted);
  });
  if (!found) return { news: [], told: { trouble: { since, told } } };
  const { reason, message, hint } = found;
  const news: News = { kind: "stalled", of: `${reason}/${since}`, reason, message, ...(hint ? { hint } : {}) };
  return { news: [news], told: { trouble: { since, told: [...told, reason] } } };
}

function recovered({ since, told }: NonNullable<Told["trouble"]>): News {
  const message = `What was reported since ${since} (${told.join(", ")}) is over.`;
  return { kind: "recovered", of: since, message };
}
