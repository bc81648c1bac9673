import { notModelled, refuse } from "../refusal.ts";

/** One part of `$orderby`. */
export interface Order {
  property: string;
  descending: boolean;
}

/** Reads `$orderby`; only the sortable properties are taken, and beside a filter only in advanced queries. */
export function readOrder(
  text: string | undefined,
  { type, sortable, free }: { type: string; sortable: readonly string[]; free: boolean },
): Order[] {
  if (text === undefined) return [];
  if (!free) throw refuse(400, "Request_UnsupportedQuery", "Sorting not supported for current query.");
  return text.split(",").map((part) => {
    const [, property = "", direction = "asc"] = /^\s*(\w+)(?:\s+(asc|desc))?\s*$/i.exec(part) ?? [];
    if (!sortable.includes(property)) throw notModelled(`sorting by '${part.trim()}' of ${type}`);
    return { property, descending: direction.toLowerCase() === "desc" };
  });
}

/** The objects in that order; those that are alike stay as they were. */
export function sorted(objects: object[], orders: Order[]): object[] {
  if (orders.length === 0) return objects;
  const textOf = (object: object, property: string): string =>
    String(new Map<string, unknown>(Object.entries(object)).get(property) ?? "").toLowerCase();
  return objects.toSorted((one, other) => {
    for (const { property, descending } of orders) {
      const [left, right] = [textOf(one, property), textOf(other, property)];
      if (left !== right) return left < right === descending ? 1 : -1;
    }
    return 0;
  });
}
