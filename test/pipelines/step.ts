import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { root } from "../../journey/setting.ts";

/** A shell step of a pipeline, ready to run. */
export interface Step {
  name: string;
  /** The text, or the path of a script. */
  script: { text: string } | { file: string };
  env: Record<string, string>;
  /** Where it runs; default a folder of the runner's. */
  cwd?: string;
  /** What later steps call its outputs by. */
  id?: string | undefined;
}

/** What stands where a checkout of this repository will be. */
export const ACTION = join(root, ".github/actions/call");

export function read(path: string): Promise<string> {
  return readFile(join(root, path), "utf8");
}

/** Names with dots: `vars.AZURE_CLIENT_ID`, `steps.leak.outputs.body`. */
export type Context = Record<string, string>;

/** Fills in `${{ name }}`. @throws {Error} for a name that nobody has set, and for anything that is more than a name. */
export function fill(text: string, context: Context): string {
  return text.replace(/\$\{\{(.*?)\}\}/g, (_, expression: string) => {
    const value = context[expression.trim()];
    if (value === undefined) throw new Error(`Nothing is known of \${{${expression}}}`);
    return value;
  });
}

/** Names the fields of an object as an expression does. */
export function named(prefix: string, values: Record<string, string>): Context {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [`${prefix}.${name}`, value]));
}

export function fillAll(values: Record<string, unknown> | undefined, context: Context): Record<string, string> {
  return Object.fromEntries(Object.entries(values ?? {}).map(([name, value]) => [name, fill(String(value), context)]));
}
