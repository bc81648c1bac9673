import { Ajv } from "ajv";
import { isRecord } from "./body.ts";
import type { Folder } from "./folder.ts";
import type { SchemaDocument, Schemas } from "./schemas.ts";
import { schemaStore, VALIDATOR_OPTIONS } from "./schemas.ts";

/** One 1.0.0 schema reaches above itself for a folder of this name, so every file is named below it. */
const ROOT = "https://openmetadata.invalid/schema/";

/**
 * The published generations, each with the first release (see `releaseNumber`) that it is the nearest one of. 1.3
 * brought confidential clients: its Helm values have `clientType`, those of 1.2 have not.
 */
const GENERATIONS = [
  { from: 1_012, folder: "new" },
  { from: 1_003, folder: "mid-2025-11" },
  { from: 1_000, folder: "old/1.0.0" },
  { from: 0, folder: "old/0.13.1" },
];

/** The schemas nearest to a release; references are paths below the schema folder, or into the "shapes". */
export type Generations = (release: number) => Schemas;

/** Loads every generation below `openmetadata`; each schema is compiled when it is first asked for. */
export function openMetadataSchemas(folder: Folder): Generations {
  const leftOut = folder.json("openmetadata/refs-left-out.json").generations;
  const loaded = GENERATIONS.map(({ from, folder: name }) => {
    const documents = folder.jsonBelow(`openmetadata/${name}`);
    const missing = isRecord(leftOut) && isRecord(leftOut[name]) ? Object.entries(leftOut[name]) : [];
    for (const [path, use] of missing) documents.set(path, acceptAnything(use));
    return { from, schemas: named(documents) };
  });
  return (release) => {
    const nearest = loaded.find(({ from }) => release >= from);
    if (!nearest) throw new Error("No schemas for this release");
    return nearest.schemas;
  };
}

/** "1.12.3" is 1012, so that releases compare; what names no release counts as the newest. */
export function releaseNumber(release: string | undefined): number {
  const [, major, minor] = /^(\d+)\.(\d+)/.exec(release ?? "") ?? [];
  return major === undefined || minor === undefined ? Number.POSITIVE_INFINITY : Number(major) * 1000 + Number(minor);
}

/** The published `$id`s contradict the relative references, so the file's path is the name. */
function named(documents: Map<string, SchemaDocument>): Schemas {
  const byPath = [...documents].map(([path, { $id: _, ...document }]) => [ROOT + path, document] as const);
  const store = schemaStore(new Ajv(VALIDATOR_OPTIONS), new Map(byPath));
  const full = (reference: string): string => (reference.startsWith("shapes#") ? reference : ROOT + reference);
  return {
    has: (reference) => store.has(full(reference)),
    faults: (reference, value) => store.faults(full(reference), value),
  };
}

/** A document for a file that is not published along: whatever is referred to in it accepts anything. */
function acceptAnything(use: unknown): SchemaDocument {
  const pointers = isRecord(use) && Array.isArray(use.pointers) ? use.pointers.map(String) : [];
  const definitions = pointers.map((pointer) => [pointer.replace("/definitions/", ""), {}]);
  return { definitions: Object.fromEntries(definitions) };
}
