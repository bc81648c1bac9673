import type { Context } from "hono";
import type { Authenticated } from "../caller.ts";
import { notModelled, refuse } from "../refusal.ts";
import { type Expansion, readExpansions } from "./expansion.ts";
import { type Filter, parseFilter } from "./filter.ts";
import { checkFilter } from "./filter-rules.ts";
import { type Order, readOrder } from "./order.ts";
import { readSearch, type Search } from "./search.ts";

/** What a read allows in its query, beside `$select`. */
export interface QueryRules {
  /** The name of the type in messages, for example `microsoft.graph.application`. */
  type: string;
  expandable?: readonly string[];
  /** Of a collection, which has pages: the properties of the type, and what can be done by them. */
  list?: ListRules;
}

/** By which properties a list can be filtered, sorted and searched. */
export interface ListRules {
  properties: readonly string[];
  filterable?: readonly string[];
  sortable?: readonly string[];
  searchable?: readonly string[];
}

export interface Query {
  type: string;
  select: string[] | undefined;
  expand: Expansion[];
  filter: Filter | undefined;
  order: Order[];
  search: Search | undefined;
  /** Whether the answer tells how many there are. */
  count: boolean;
  /** Objects on a page. */
  top: number;
  skip: number;
}

const OF_ONE = ["$select", "$expand"];
const OF_LISTS = [...OF_ONE, "$filter", "$orderby", "$search", "$count", "$top", "$skiptoken"];
const PAGE = 100;
const LARGEST_PAGE = 999;

/** Reads the system query options; what is not modelled is a 501, other parameters are ignored as in OData. */
export function readQuery(c: Context<Authenticated>, rules: QueryRules): Query {
  const { type, expandable = [], list } = rules;
  const given = c.req.query();
  if ("$skip" in given) throw refuse(400, "BadRequest", "'$skip' is not supported by the service.");
  for (const name of Object.keys(given)) {
    const known = (list ? OF_LISTS : OF_ONE).includes(name);
    if (name.startsWith("$") && !known)
      throw notModelled(`the query option '${name}' of ${c.req.method} ${c.req.path}`);
  }
  const eventual = wantsEventual(c);
  const advanced = eventual && given.$count === "true";
  const filter = given.$filter === undefined ? undefined : parseFilter(given.$filter);
  if (filter && list) checkFilter(filter, { type, ...list, filterable: list.filterable ?? [], advanced });
  return {
    type,
    select: words(given.$select),
    expand: readExpansions(given.$expand, { type, expandable }),
    filter,
    order: readOrder(given.$orderby, { type, sortable: list?.sortable ?? [], free: advanced || !filter }),
    search: readSearch(given.$search, { searchable: list?.searchable ?? [], eventual }),
    count: advanced,
    top: Math.min(readTop(given.$top), c.get("pageSize")),
    skip: readSkip(given.$skiptoken),
  };
}

/** Whether the client accepts staler answers for richer queries. */
export function wantsEventual(c: Context<Authenticated>): boolean {
  return c.req.header("consistencylevel")?.toLowerCase() === "eventual";
}

/** What a read shows of an object: the selected properties, in the order of the object, and the expanded ones. */
export function selected(object: object, { select, expand, type }: Pick<Query, "select" | "expand" | "type">) {
  if (!select) return { ...object };
  for (const name of select) if (!(name in object)) throw noSuchProperty(name, type);
  const shown = [...select, ...expand.map(({ name }) => name)];
  return Object.fromEntries(Object.entries(object).filter(([name]) => shown.includes(name) || name.startsWith("@")));
}

/** A token of a next link; no client may know what is in it. */
export function skipToken(skip: number): string {
  return Buffer.from(`skip:${skip}`).toString("base64url");
}

function readSkip(token: string | undefined): number {
  if (token === undefined) return 0;
  const skip = /^skip:(\d+)$/.exec(Buffer.from(token, "base64url").toString())?.[1];
  if (skip !== undefined) return Number(skip);
  throw refuse(
    400,
    "Directory_ExpiredPageToken",
    "The specified page token value has expired and cannot be included in your request.",
  );
}

function noSuchProperty(name: string, type: string) {
  const message = `Parsing OData Select and Expand failed: Could not find a property named '${name}' on type '${type}'.`;
  return refuse(400, "BadRequest", message);
}

function words(list: string | undefined): string[] | undefined {
  return list?.split(",").map((word) => word.trim());
}

function readTop(text: string | undefined): number {
  if (text === undefined) return PAGE;
  const top = Number(text);
  if (Number.isInteger(top) && top >= 1 && top <= LARGEST_PAGE) return top;
  throw refuse(
    400,
    "Request_BadRequest",
    `Invalid page size specified: '${text}'. Must be between 1 and 999 inclusive.`,
  );
}
