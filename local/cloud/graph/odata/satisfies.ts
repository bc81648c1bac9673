import type { Filter, Literal, Operator } from "./filter.ts";

/** Whether an object, as Graph shows it, satisfies a filter. Texts are compared without regard to case. */
export function satisfies(object: object, filter: Filter): boolean {
  return judge(filter, (path) => follow(object, path));
}

/** What stands at a path. */
type Look = (path: string[]) => unknown;

function judge(filter: Filter, look: Look): boolean {
  switch (filter.kind) {
    case "and":
      return filter.parts.every((part) => judge(part, look));
    case "or":
      return filter.parts.some((part) => judge(part, look));
    case "not":
      return !judge(filter.part, look);
    case "compare":
      return compares(look(filter.path), filter.operator, filter.value);
    case "in":
      return filter.values.some((value) => compares(look(filter.path), "eq", value));
    case "startswith":
    case "endswith":
    case "contains":
      return calls(filter.kind, look(filter.path), filter.text);
    case "any":
    case "all": {
      const list = look(filter.path);
      const fits = (item: unknown): boolean =>
        judge(filter.part, ([first, ...rest]) => (first === filter.variable ? follow(item, rest) : undefined));
      if (!Array.isArray(list)) return false;
      return filter.kind === "any" ? list.some(fits) : list.every(fits);
    }
    default:
      return filter satisfies never;
  }
}

function follow(value: unknown, path: string[]): unknown {
  const [name, ...rest] = path;
  if (name === undefined) return value;
  if (name === "$count") return Array.isArray(value) ? value.length : 0;
  if (typeof value !== "object" || value === null) return undefined;
  return follow(new Map<string, unknown>(Object.entries(value)).get(name), rest);
}

function compares(own: unknown, operator: Operator, value: Literal): boolean {
  if (operator === "eq") return same(own, value);
  if (operator === "ne") return !same(own, value);
  if (own === null || own === undefined || value === null) return false;
  const [left, right] = [comparable(own), comparable(value)];
  switch (operator) {
    case "gt":
      return left > right;
    case "ge":
      return left >= right;
    case "lt":
      return left < right;
    case "le":
      return left <= right;
    default:
      return operator satisfies never;
  }
}

/** Times are compared as such, whatever fraction they are written with. */
function comparable(value: unknown): number | string {
  if (typeof value === "number") return value;
  const text = String(value).toLowerCase();
  return /^\d{4}-\d\d-\d\dt/.test(text) ? new Date(text.toUpperCase()).getTime() : text;
}

function same(own: unknown, value: Literal): boolean {
  if (typeof own === "string" && typeof value === "string") return own.toLowerCase() === value.toLowerCase();
  return (own ?? null) === value;
}

function calls(kind: "startswith" | "endswith" | "contains", own: unknown, text: string): boolean {
  if (typeof own !== "string") return false;
  const [whole, part] = [own.toLowerCase(), text.toLowerCase()];
  if (kind === "contains") return whole.includes(part);
  return kind === "startswith" ? whole.startsWith(part) : whole.endsWith(part);
}
