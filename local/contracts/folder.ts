import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { SchemaDocument } from "./schemas.ts";

/** The folder of published schemas. Every failure to read names the folder. */
export interface Folder {
  json(path: string): SchemaDocument;
  /** Every JSON file below the path, by its path from there with forward slashes. */
  jsonBelow(path: string): Map<string, SchemaDocument>;
}

/** Reads below a directory given at run time. */
export function openFolder(directory: string): Folder {
  const attempt = <T>(path: string, read: () => T): T => {
    try {
      return read();
    } catch (cause) {
      throw new Error(`Cannot read the published contracts in "${directory}": "${path}" is missing or not JSON`, {
        cause,
      });
    }
  };
  const json = (path: string): SchemaDocument => attempt(path, () => readJson(join(directory, path)));
  return {
    json,
    jsonBelow(path) {
      const names = attempt(path, () => readdirSync(join(directory, path), { recursive: true, encoding: "utf8" }));
      const files = names.filter((name) => name.endsWith(".json")).map((name) => name.replaceAll("\\", "/"));
      return new Map(files.map((name) => [name, json(`${path}/${name}`)]));
    },
  };
}

function readJson(path: string): SchemaDocument {
  // (?U) is a flag of Java's regular expressions that JavaScript refuses; without it \w means ASCII only.
  const document: unknown = JSON.parse(readFileSync(path, "utf8").replaceAll("(?U)", ""));
  if (typeof document !== "object" || document === null) throw new Error(`"${path}" holds no object`);
  return document as SchemaDocument;
}
