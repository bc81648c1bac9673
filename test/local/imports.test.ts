import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** The files below a folder, each with those of the project that it imports, types included. */
function importsBelow(folder: string): Map<string, string[]> {
  const names = readdirSync(join(root, folder), { recursive: true, encoding: "utf8" });
  const files = names.filter((name) => name.endsWith(".ts")).map((name) => join(folder, name));
  return new Map(files.map((file) => [file, importsOf(file)]));
}

function importsOf(file: string): string[] {
  const text = readFileSync(join(root, file), "utf8");
  const found = text.matchAll(/^(?:import|export)\b[^;]*?\bfrom "(\.[^"]+)";/gms);
  return [...found].map(([, target = ""]) => relative(root, resolve(root, dirname(file), target)));
}

/** The way from a file back to itself, if there is one. */
function circle(file: string, imports: Map<string, string[]>): string[] | undefined {
  const cameFrom = new Map<string, string>();
  const open = [file];
  for (let place = open.pop(); place !== undefined; place = open.pop()) {
    for (const next of imports.get(place) ?? []) {
      if (next === file) return [file, ...back(place, cameFrom)].reverse();
      if (cameFrom.has(next)) continue;
      cameFrom.set(next, place);
      open.push(next);
    }
  }
  return undefined;
}

function back(place: string, cameFrom: Map<string, string>): string[] {
  const before = cameFrom.get(place);
  return before === undefined ? [place] : [place, ...back(before, cameFrom)];
}

it.each(["app-service", "directory", "entra", "event-grid", "graph", "key-vault", "storage-queue"])(
  "no file of the stand-in %s imports itself, by whatever way, types included",
  (name) => {
    const imports = importsBelow(`local/cloud/${name}`);
    expect([...imports.keys()].flatMap((file) => circle(file, imports) ?? [])).toEqual([]);
  },
);

it.each(["local/host", "local/contracts"])("no file of %s imports itself either", (folder) => {
  const imports = importsBelow(folder);
  expect([...imports.keys()].flatMap((file) => circle(file, imports) ?? [])).toEqual([]);
});
