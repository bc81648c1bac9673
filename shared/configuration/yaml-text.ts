import { comment } from "./comment.ts";

/** A value at a dotted path, with the comment that stands above it. */
export interface Entry {
  path: string;
  value: string | boolean | readonly string[] | Readonly<Record<string, string>>;
  why?: readonly string[] | undefined;
}

type Node = Entry | Map<string, Node>;

/**
 * Writes entries as a yaml mapping, in their order. Strings are written as JSON strings, which yaml reads as they are
 * (YAML 1.2, "Relation to JSON"), so no value can be taken for a number, a date, a comment or another key.
 */
export function yamlText(entries: readonly Entry[]): string {
  const root = new Map<string, Node>();
  for (const entry of entries) place(root, entry.path.split("."), entry);
  return `${write(root, "").join("\n")}\n`;
}

function place(node: Map<string, Node>, [key = "", ...rest]: string[], entry: Entry): void {
  if (rest.length === 0) {
    node.set(key, entry);
    return;
  }
  const found = node.get(key);
  const child = found instanceof Map ? found : new Map<string, Node>();
  node.set(key, child);
  place(child, rest, entry);
}

function write(node: Map<string, Node>, indent: string): string[] {
  return [...node].flatMap(([key, child]) => {
    if (child instanceof Map) return [`${indent}${key}:`, ...write(child, `${indent}  `)];
    return [...comment(child.why ?? [], indent), ...pair(key, child.value, indent)];
  });
}

function pair(key: string, value: Entry["value"], indent: string): string[] {
  const head = `${indent}${key}:`;
  if (typeof value === "boolean") return [`${head} ${value}`];
  if (typeof value === "string") return [`${head} ${quoted(value)}`];
  if (isList(value))
    return value.length === 0 ? [`${head} []`] : [head, ...value.map((item) => `${indent}  - ${quoted(item)}`)];
  return [head, ...Object.entries(value).flatMap(([name, text]) => pair(name, text, `${indent}  `))];
}

/** Array.isArray does not tell a read-only array from an object. */
function isList(value: Entry["value"]): value is readonly string[] {
  return Array.isArray(value);
}

/** A double-quoted scalar in which nothing outside printable ASCII is left to chance. */
export function quoted(text: string): string {
  return JSON.stringify(text).replace(
    /[^\x20-\x7e]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
