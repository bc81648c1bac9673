import { comment } from "./comment.ts";
import { quoted } from "./yaml-text.ts";

type Scalar = string | boolean;
export type Tree = Scalar | readonly Tree[] | { readonly [key: string]: Tree };

/** A resource as kubectl reads it, below what there is to say about it. */
export interface Manifest {
  why: readonly string[];
  resource: { readonly [key: string]: Tree };
}

/** Writes resources as a stream of yaml documents. Strings of several lines stay readable, all others are quoted. Pure. */
export function manifests(all: readonly Manifest[]): string {
  const texts = all.map(({ why, resource }) => [...comment(why), ...block(resource)].join("\n"));
  return `${texts.join("\n---\n")}\n`;
}

function block(tree: { readonly [key: string]: Tree }): string[] {
  return Object.entries(tree).flatMap(([key, value]) => below(`${key}:`, value));
}

function below(head: string, value: Tree): string[] {
  if (typeof value === "boolean") return [`${head} ${value}`];
  if (typeof value === "string") {
    return value.includes("\n") ? [`${head} |`, ...indent(value.trimEnd().split("\n"))] : [`${head} ${quoted(value)}`];
  }
  return isList(value) ? [head, ...indent(value.flatMap(item))] : [head, ...indent(block(value))];
}

function item(value: Tree): string[] {
  if (typeof value !== "object" || isList(value)) return below("-", value);
  const [first = "", ...others] = block(value);
  return [`- ${first}`, ...indent(others)];
}

function indent(lines: readonly string[]): string[] {
  return lines.map((line) => `  ${line}`);
}

/** Array.isArray does not tell a read-only array from an object. */
function isList(value: Tree): value is readonly Tree[] {
  return Array.isArray(value);
}
