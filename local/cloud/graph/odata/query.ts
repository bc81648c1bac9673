import type { Context } from "hono";
import type { Authenticated } from "../caller.ts";
import { notModelled, refuse } from "../refusal.ts";
import { type Expansion, readExpansions } from "./expansion.ts";
import { type Filter, parseFilter } from "./filter.ts";
import { checkFilter, isUnmodelled } from "./filter-rules.ts";
import { type Order, readOrder } from "./order.ts";
import { readSearch, type Search } from "./search.ts";

/** What a read allows in its query, beside `$select`. */
export interface QueryRules {
  /** The name of the type in messages, for example `microsoft.graph.application`. */
  type: string;
  /** Properties that the type has and this stand-in does not know; `others`: all that it does not know. */
  unmodelled?: Unmodelled;
  expandable?: readonly string[];
  /** Of a collection, which has pages: the properties of the type, and what can be done by them. */
  list?: ListRules;
}

export type Unmodelled = readonly string[] | "others";

/** By which properties a list can be filtered, sorted and searched. */
export interface ListRules {
  properties: readonly string[];
  filterable?: readonly string[];
  sortable?: readonly string[];
  searchable?: readonly string[];
}

export interface Query {
  type: string;
  unmodelled: Unmodelled;
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
  const { type, expandable = [], list, unmodelled = [] } = rules;
  const given = c.req.query();
  checkOptions(c, given, list ? OF_LISTS : OF_ONE);
  const eventual = wantsEventual(c);
  const advanced = eventual && given.$count === "true";
  const filter = given.$filter === undefined ? undefined : parseFilter(given.$filter);
  if (filter && list) checkFilter(filter, { type, unmodelled, ...list, filterable: list.filterable ?? [], advanced });
  const select = words(given.$select);
  if (list) checkSelect(select, [...list.properties, ...expandable], { type, unmodelled });
  return {
    type,
    unmodelled,
    select,
    expand: readExpansions(given.$expand, { type, expandable }),
    filter,
    order: readOrder(given.$orderby, { type, sortable: list?.sortable ?? [], free: advanced || !filter }),
    search: readSearch(given.$search, { searchable: list?.searchable ?? [], eventual }),
    count: advanced,
    top: Math.min(readTop(given.$top), c.get("pageSize")),
    skip: readSkip(given.$skiptoken),
  };
}

function checkOptions(c: Context<Authenticated>, given: Record<string, string>, known: readonly string[]): void {
  if ("$skip" in given) throw refuse(400, "BadRequest", "'$skip' is not supported by the service.");
  for (const name of Object.keys(given)) {
    // Without its dollar Graph knows an option on some paths and not on others.
    const isOption = name.startsWith("$") || OF_LISTS.includes(`$${name}`);
    if (isOption && !known.includes(name)) {
      throw notModelled(`the query option '${name}' of ${c.req.method} ${c.req.path}`);
    }
  }
  if (given.$count === undefined || ["true", "false"].includes(given.$count)) return;
  const message = `Invalid value '${given.$count}' for $count query option found. Valid values are '{true, false}'.`;
  throw refuse(400, "BadRequest", message);
}

/** Of a list, whatever is in it. */
function checkSelect(
  select: string[] | undefined,
  known: readonly string[],
  rules: Pick<Query, "type" | "unmodelled">,
) {
  for (const name of select ?? []) if (!known.includes(name)) throw noSuchProperty(name, rules);
}

/** Whether the client accepts staler answers for richer queries. */
export function wantsEventual(c: Context<Authenticated>): boolean {
  return c.req.header("consistencylevel")?.toLowerCase() === "eventual";
}

/** What a read shows of an object: the selected properties, in the order of the object, and the expanded ones. */
export function selected(object: object, query: Pick<Query, "select" | "expand" | "type" | "unmodelled">) {
  const { select, expand } = query;
  if (!select) return { ...object };
  for (const name of select) if (!(name in object)) throw noSuchProperty(name, query);
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

function noSuchProperty(name: string, { type, unmodelled }: Pick<Query, "type" | "unmodelled">) {
  if (isUnmodelled(name, unmodelled)) return notModelled(`the property '${name}' of ${type}`);
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
