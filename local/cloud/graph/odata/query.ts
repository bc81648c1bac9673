import type { Context } from "hono";
import { refuse } from "../refusal.ts";
import { type Condition, parseFilter } from "./filter.ts";

/** What a read allows in its query, beside `$select`. */
export interface QueryRules {
  /** The name of the type in messages, for example `microsoft.graph.application`. */
  type: string;
  /** Properties that `$filter` may compare; none of them: no `$filter`. */
  filterable?: string[];
  expandable?: string[];
  /** Whether the answer is a collection, which has pages. */
  paged?: boolean;
}

export interface Query {
  type: string;
  select: string[] | undefined;
  expand: string[];
  filter: Condition[];
  top: number;
  skip: number;
}

const PAGE = 100;
const LARGEST_PAGE = 999;

/** Reads the system query options; any that the rules do not name is refused, other parameters are ignored as in OData. */
export function readQuery(c: Context, rules: QueryRules): Query {
  const { type, filterable = [], expandable = [], paged = false } = rules;
  const given = c.req.query();
  const allowed = ["$select"];
  if (filterable.length > 0) allowed.push("$filter");
  if (expandable.length > 0) allowed.push("$expand");
  if (paged) allowed.push("$top", "$skiptoken");
  for (const name of Object.keys(given)) {
    if (name.startsWith("$") && !allowed.includes(name)) {
      throw refuse(400, "BadRequest", `The query option '${name}' is not supported for this request.`);
    }
  }
  const expand = words(given.$expand) ?? [];
  for (const name of expand) if (!expandable.includes(name)) throw noSuchProperty(name, type);
  return {
    type,
    select: words(given.$select),
    expand,
    filter: given.$filter === undefined ? [] : parseFilter(given.$filter, { type, filterable }),
    top: readTop(given.$top),
    skip: Number(given.$skiptoken ?? 0),
  };
}

/** What a read shows of an object: the selected properties, in the order of the object, and the expanded ones. */
export function selected(object: object, { select, expand, type }: Query): Record<string, unknown> {
  if (!select) return { ...object };
  for (const name of select) if (!(name in object)) throw noSuchProperty(name, type);
  return Object.fromEntries(
    Object.entries(object).filter(([name]) => select.includes(name) || expand.includes(name) || name.startsWith("@")),
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
