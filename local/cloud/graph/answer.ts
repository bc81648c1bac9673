import type { Context } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import type { Authenticated } from "./caller.ts";
import { sorted } from "./odata/order.ts";
import { type Query, readQuery, selected, skipToken, wantsEventual } from "./odata/query.ts";
import { satisfies } from "./odata/satisfies.ts";
import { finds } from "./odata/search.ts";
import { badRequest } from "./refusal.ts";

/** Answers with one object; `set` names its collection in `@odata.context`. */
export function answerOne(
  c: Context,
  object: object,
  { set, query, status = 200 }: { set: string; query?: Query; status?: ContentfulStatusCode },
): Response {
  const body = query ? selected(object, query) : object;
  return json(c, { "@odata.context": `${context(c, set, query)}/$entity`, ...body }, status);
}

/**
 * Answers with those objects that the query wants, in its order, in pages. `show` makes of one what Graph shows; where
 * nothing else is asked for, it is called for those of the page alone.
 */
export function answerMany<T extends object>(
  c: Context,
  objects: T[],
  { set, query, show = (one) => one }: { set: string; query: Query; show?: (one: T) => object },
): Response {
  const asks = query.filter || query.search || query.order.length > 0;
  const matching: (() => object)[] = asks
    ? sorted(wanted(objects.map(show), query), query.order).map((shown) => () => shown)
    : objects.map((one) => () => show(one));
  const end = query.skip + query.top;
  const next = new URL(c.req.url);
  next.searchParams.set("$skiptoken", skipToken(end));
  const body = {
    "@odata.context": context(c, set, query),
    ...(query.count && { "@odata.count": matching.length }),
    ...(end < matching.length && { "@odata.nextLink": next.href }),
    value: matching.slice(query.skip, end).map((shown) => selected(shown(), query)),
  };
  return json(c, body, 200);
}

/** Answers a request for `…/$count` with the number alone; Graph counts only for who accepts staler answers. */
export function answerCount(
  c: Context<Authenticated>,
  objects: object[],
  rules: Parameters<typeof readQuery>[1],
): Response {
  if (!wantsEventual(c)) throw badRequest("$count is not currently supported.");
  return c.text(String(wanted(objects, readQuery(c, rules)).length));
}

function wanted(objects: object[], { filter, search }: Query): object[] {
  return objects.filter((object) => (!filter || satisfies(object, filter)) && (!search || finds(object, search)));
}

/** What `@odata.context` says of a collection. */
export function context(c: Context, set: string, query?: Query | undefined): string {
  const columns = query?.select ? `(${query.select.join(",")})` : "";
  return `${new URL(c.req.url).origin}/v1.0/$metadata#${set}${columns}`;
}

function json(c: Context, body: object, status: ContentfulStatusCode): Response {
  return c.json(body, status, { "Content-Type": "application/json; odata.metadata=minimal; charset=utf-8" });
}
