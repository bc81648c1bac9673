import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** A resource as a snapshot lists it: values, and what only a deployment knows as an expression. */
export interface Predicted {
  id: string;
  type: string;
  name: string;
  apiVersion: string;
  // biome-ignore lint/suspicious/noExplicitAny: a resource has the properties of its type.
  properties?: any;
  // biome-ignore lint/suspicious/noExplicitAny: likewise.
  [field: string]: any;
}

export interface Snapshot {
  predictedResources: Predicted[];
  outputs: Record<string, unknown>;
  diagnostics: unknown[];
}

export const EXAMPLES = ["open", "restricted", "private", "existing"] as const;

/** The text of a file of the repository. */
export function text(path: string): string {
  return readFileSync(`${root}/${path}`, "utf8");
}

/** The paths below a folder of the repository. */
export function filesBelow(folder: string): string[] {
  return readdirSync(`${root}/${folder}`, { recursive: true, encoding: "utf8" }).map((name) => `${folder}/${name}`);
}

export function snapshot(example: (typeof EXAMPLES)[number]): Snapshot {
  return JSON.parse(text(`infra/examples/${example}.snapshot.json`));
}

/** The resources of a type in an example. */
export function resources(example: (typeof EXAMPLES)[number], type: string): Predicted[] {
  return snapshot(example).predictedResources.filter((one) => one.type === type);
}

/** The compiled template that is deployed. */
// biome-ignore lint/suspicious/noExplicitAny: a template has no type.
export function template(): any {
  return JSON.parse(text("infra/azuredeploy.json"));
}

/** The names of all functions, which are those of their files. */
export function functionNames(): string[] {
  return filesBelow("functions").map((path) => path.replace(/^functions\/|\.ts$/g, ""));
}
