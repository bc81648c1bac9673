import type { Delay, Records } from "../../directory/records.ts";
import type { Filter } from "./filter.ts";

/**
 * The objects among which those are that satisfy the filter, as a reader sees them: where it demands one of some names,
 * the few that bear one. The filter is still to be held against them.
 */
export function withinReach<T, By extends string>(
  records: Records<T, By>,
  filter: Filter | undefined,
  { names, delay }: { names: readonly By[]; delay: Delay },
): T[] {
  const parts = filter?.kind === "and" ? filter.parts : filter ? [filter] : [];
  for (const part of parts) {
    const demanded = demandOf(part);
    const by = names.find((name) => name === demanded?.property);
    if (by && demanded) return records.bearing(by, demanded.values, delay);
  }
  return records.list(delay);
}

function demandOf(filter: Filter): { property: string | undefined; values: string[] } | undefined {
  if (!("path" in filter) || filter.path.length !== 1) return undefined;
  const [property] = filter.path;
  const values = filter.kind === "in" ? filter.values : isEqual(filter) ? [filter.value] : [];
  const texts = values.filter((value) => typeof value === "string");
  return texts.length > 0 && texts.length === values.length ? { property, values: texts } : undefined;
}

function isEqual(filter: Filter): filter is Extract<Filter, { kind: "compare" }> {
  return filter.kind === "compare" && filter.operator === "eq";
}
