import type { Context } from "hono";
import { badProperties, noSuchPath, refusal } from "./refusal.ts";

const MAX_LIMIT = 1_000_000;
/** Tells a cursor of ours from anything else. */
const MARK = "after:";

/**
 * A page of a list in order of name, as `limit` and `after` of the request ask for it; `after` is the cursor of the
 * page before. Filters are the caller's; going backwards is not modelled.
 */
export function page<T extends { name: string }>(c: Context, all: readonly T[], answer: (item: T) => object): object {
  const limit = Number(c.req.query("limit") ?? 10);
  if (!Number.isInteger(limit)) throw noSuchPath(); // as JAX-RS does with a parameter that is no number
  if (limit < 0) throw badProperties(["limit must be greater than or equal to 0"]);
  if (limit > MAX_LIMIT) throw badProperties([`limit must be less than or equal to ${MAX_LIMIT}`]);
  const after = cursor(c.req.query("after"));
  const rest = all.toSorted(byName).filter(({ name }) => name > after);
  const shown = rest.slice(0, limit);
  const last = shown.at(-1);
  const next = last && rest.length > limit ? { after: Buffer.from(`${MARK}${last.name}`).toString("base64url") } : {};
  return { data: shown.map(answer), paging: { total: all.length, ...next } };
}

/** The name after which the page begins; what the server never gave out makes it fail. */
function cursor(after: string | undefined): string {
  if (after === undefined || after === "") return "";
  const text = Buffer.from(after, "base64url").toString();
  if (!text.startsWith(MARK)) throw refusal(500, "JSON parsing failed with message [Failed to process JSON ].");
  return text.slice(MARK.length);
}

function byName(one: { name: string }, other: { name: string }): number {
  return one.name < other.name ? -1 : 1;
}
