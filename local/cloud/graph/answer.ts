import type { Context } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import { satisfies } from "./odata/filter.ts";
import { type Query, selected } from "./odata/query.ts";

/** Answers with one object; `set` names its collection in `@odata.context`. */
export function answerOne(
  c: Context,
  object: object,
  { set, query, status = 200 }: { set: string; query?: Query; status?: ContentfulStatusCode },
): Response {
  const body = query ? selected(object, query) : object;
  return json(c, { "@odata.context": `${context(c, set, query)}/$entity`, ...body }, status);
}

/** Answers with those objects that satisfy the filter, in pages. */
export function answerMany(c: Context, objects: object[], { set, query }: { set: string; query: Query }): Response {
  const matching = objects.filter((object) => satisfies(object, query.filter));
  const end = query.skip + query.top;
  const next = new URL(c.req.url);
  next.searchParams.set("$skiptoken", String(end));
  const body = {
    "@odata.context": context(c, set, query),
    ...(end < matching.length && { "@odata.nextLink": next.href }),
    value: matching.slice(query.skip, end).map((object) => selected(object, query)),
  };
  return json(c, body, 200);
}

function context(c: Context, set: string, query: Query | undefined): string {
  const columns = query?.select ? `(${query.select.join(",")})` : "";
  return `${new URL(c.req.url).origin}/v1.0/$metadata#${set}${columns}`;
}

function json(c: Context, body: object, status: ContentfulStatusCode): Response {
  return c.json(body, status, { "Content-Type": "application/json; odata.metadata=minimal; charset=utf-8" });
}
