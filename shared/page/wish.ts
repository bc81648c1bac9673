import { InputError, quoted } from "../errors.ts";
import type { Verdict } from "../status/condition.ts";
import { wantsHistory } from "../status/page.ts";

/** What the query of GET /api/page may hold. */
export const PARAMETERS = ["deployment", "verdict", "search", "page", "history"] as const;

/** What somebody wants to see: one deployment, or a page of those that fit. */
export type Wish =
  | { kind: "one"; deployment: string; history: boolean }
  | { kind: "overview"; verdict: Verdict | undefined; search: string; page: number };

const VERDICTS: readonly string[] = ["healthy", "attention", "failing"] satisfies Verdict[];
const LONGEST_SEARCH = 100;

/** Reads the query of GET /api/page. @throws {InputError} when something in it makes no sense. */
export function readWish(query: URLSearchParams): Wish {
  const [deployment, verdict, search, page] = PARAMETERS.map((name) => query.get(name) || undefined);
  if (deployment !== undefined) {
    refuseIdle(query, ["verdict", "search", "page"], "on one deployment");
    return { kind: "one", deployment, history: wantsHistory(query) };
  }
  refuseIdle(query, ["history"], "without a deployment");
  if (verdict !== undefined && !isVerdict(verdict)) {
    throw unreadable(`${quoted(verdict)} is no verdict`, `Send "verdict" with one of ${VERDICTS.join(", ")}`);
  }
  if (page !== undefined && !/^[1-9]\d{0,3}$/.test(page)) {
    throw unreadable(`${quoted(page)} is no page`, 'Send "page" with a number from 1 to 9999');
  }
  return { kind: "overview", verdict, search: (search ?? "").slice(0, LONGEST_SEARCH), page: Number(page ?? 1) };
}

/** The query that asks for it; what is not said is as usual. */
export function queryOf(
  wish: Partial<Extract<Wish, { kind: "overview" }>> | { deployment: string; history?: true },
): string {
  const query = new URLSearchParams();
  if ("deployment" in wish) {
    query.set("deployment", wish.deployment);
    if (wish.history) query.set("history", "true");
  } else {
    if (wish.verdict) query.set("verdict", wish.verdict);
    if (wish.search) query.set("search", wish.search);
    if (wish.page !== undefined && wish.page > 1) query.set("page", String(wish.page));
  }
  const text = query.toString();
  return text === "" ? "page" : `page?${text}`;
}

/** The form of the overview sends empty ones too. */
function refuseIdle(query: URLSearchParams, names: readonly string[], where: string): void {
  const idle = names.find((name) => query.get(name));
  if (idle === undefined) return;
  throw unreadable(
    `${quoted(idle)} has no effect ${where}`,
    'Send "deployment", with "history" at most, or the others',
  );
}

function isVerdict(text: string): text is Verdict {
  return VERDICTS.includes(text);
}

function unreadable(what: string, hint: string): InputError {
  return new InputError("query-invalid", `Cannot read the query: ${what}`, { hint });
}
