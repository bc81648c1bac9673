import { notModelled } from "../refusal.ts";

/** A property that the answer shall hold expanded, and what it shall show of each object in it. */
export interface Expansion {
  name: string;
  select: string[] | undefined;
}

/** So many objects an expanded property shows; it says nothing of the rest (Microsoft Learn: "$expand parameter"). */
export const MOST_EXPANDED = 20;

/** Reads `$expand=a,b($select=x,y)`. */
export function readExpansions(
  text: string | undefined,
  { type, expandable }: { type: string; expandable: readonly string[] },
): Expansion[] {
  if (text === undefined) return [];
  return text.split(/,(?![^(]*\))/).map((part) => {
    const [, name = "", select] = /^\s*(\w+)(?:\(\$select=([\w,\s]+)\))?\s*$/.exec(part) ?? [];
    if (!expandable.includes(name)) throw notModelled(`the expansion '${part.trim()}' of ${type}`);
    return { name, select: select?.split(",").map((word) => word.trim()) };
  });
}

/** The object with what the query wants expanded; `related` finds what stands behind a name. */
export function expanded(object: object, expansions: Expansion[], related: (name: string) => object[]): object {
  const parts = expansions.map(({ name, select }) => [
    name,
    related(name).slice(0, MOST_EXPANDED).map(shownOf(select)),
  ]);
  return { ...object, ...Object.fromEntries(parts) };
}

function shownOf(select: string[] | undefined): (object: object) => object {
  return (object) => {
    if (!select) return object;
    const entries = Object.entries(object).filter(([name]) => select.includes(name) || name.startsWith("@"));
    return Object.fromEntries(entries);
  };
}
