import { readFileSync } from "node:fs";
import { join } from "node:path";

/** One entry of a file of resource types, as Microsoft publishes them for Bicep (github.com/Azure/bicep-types). */
interface Entry {
  $type: string;
  value?: string;
  minLength?: number;
  maxLength?: number;
  pattern?: string;
  minValue?: number;
  maxValue?: number;
  body?: Ref;
  itemType?: Ref;
  discriminator?: string;
  elements?: Ref[] | Record<string, Ref>;
  baseProperties?: Record<string, Property>;
  properties?: Record<string, Property>;
  additionalProperties?: Ref;
}
interface Ref {
  $ref: string;
}
interface Property {
  type: Ref;
  flags: number;
}
interface Index {
  resources: Record<string, { file: string; index: number }>;
  publishedVersions: Record<string, string[]>;
}

/** A resource with its values, as a snapshot lists it. */
export interface PredictedResource {
  type: string;
  apiVersion: string;
  name: string;
  [field: string]: unknown;
}

export interface Held {
  findings: string[];
  /** Types that the folder does not hold. */
  unchecked: string[];
}

const REQUIRED = 1;
const READ_ONLY = 2;
/** What a snapshot adds to a resource. */
const OF_SNAPSHOT = new Set(["id", "scope", "dependsOn", "condition"]);

/**
 * Holds resources against Microsoft's type definitions: unknown, missing and read-only properties, wrong kinds, values
 * and versions. What is still an expression is taken as fitting.
 */
export function holdAgainstTypes(folder: string, resources: readonly PredictedResource[]): Held {
  const index = JSON.parse(readFileSync(join(folder, "index.json"), "utf8")) as Index;
  const known = new Map(Object.entries(index.resources).map(([name, place]) => [name.toLowerCase(), place]));
  const versions = new Map(Object.entries(index.publishedVersions).map(([name, all]) => [name.toLowerCase(), all]));
  const files = new Map<string, Entry[]>();
  const held: Held = { findings: [], unchecked: [] };
  for (const resource of resources) {
    const name = `${resource.type}@${resource.apiVersion}`;
    const place = known.get(name.toLowerCase());
    if (!place) {
      if (versions.get(resource.type.toLowerCase())?.includes(resource.apiVersion) === false)
        held.findings.push(`BCP081 ${name}: no such version`);
      else held.unchecked.push(name);
      continue;
    }
    const table = files.get(place.file) ?? (JSON.parse(readFileSync(join(folder, place.file), "utf8")) as Entry[]);
    files.set(place.file, table);
    const body = table[place.index]?.body;
    if (!body) throw new Error(`Cannot read the types: ${place.file} has no body for ${name}`);
    const fields = Object.entries(resource).filter(([key]) => !OF_SNAPSHOT.has(key));
    const own = { ...Object.fromEntries(fields), name: resource.name.split("/").at(-1) };
    const at = `${name} "${resource.name}"`;
    // Listed without its properties: the one gap that is known.
    const gap = resource.type === "Microsoft.Web/sites/extensions" ? `BCP037 ${at}.properties: unknown` : undefined;
    held.findings.push(...check(own, body, { table, at }).filter((finding) => finding !== gap));
  }
  held.unchecked = [...new Set(held.unchecked)];
  return held;
}

interface Place {
  table: readonly Entry[];
  at: string;
}

function check(value: unknown, ref: Ref, place: Place): string[] {
  const type = entry(place.table, ref);
  if (value === null || value === undefined || isExpression(value) || type.$type === "AnyType") return [];
  switch (type.$type) {
    case "ObjectType":
      return isRecord(value) ? checkObject(value, type, place) : [`BCP036 ${place.at}: must be an object`];
    case "DiscriminatedObjectType":
      return isRecord(value) ? checkVariant(value, type, place) : [`BCP036 ${place.at}: must be an object`];
    case "ArrayType":
      if (!Array.isArray(value)) return [`BCP036 ${place.at}: must be a list`];
      return value.flatMap((item, n) =>
        type.itemType ? check(item, type.itemType, { ...place, at: `${place.at}[${n}]` }) : [],
      );
    case "UnionType":
      return checkUnion(value, type, place);
    default:
      return fits(value, type) ? [] : [`BCP036 ${place.at}: ${JSON.stringify(value)} does not fit ${type.$type}`];
  }
}

function checkObject(value: Record<string, unknown>, type: Entry, { table, at }: Place): string[] {
  const properties = type.properties ?? {};
  const given = Object.entries(value).flatMap(([key, inner]) => {
    const property = properties[key];
    const place = { table, at: `${at}.${key}` };
    // A resource states its type and version, which nobody sets.
    if (key === "type" || key === "apiVersion") return property ? check(inner, property.type, place) : [];
    if (!property) {
      if (type.additionalProperties) return check(inner, type.additionalProperties, place);
      return [`BCP037 ${place.at}: unknown`];
    }
    if (property.flags & READ_ONLY && inner !== null) return [`BCP073 ${place.at}: read-only`];
    return check(inner, property.type, place);
  });
  const missing = Object.entries(properties)
    .filter(([key, { flags }]) => flags & REQUIRED && !(flags & READ_ONLY) && (value[key] ?? null) === null)
    .map(([key]) => `BCP035 ${at}.${key}: missing`);
  return [...given, ...missing];
}

function checkVariant(value: Record<string, unknown>, type: Entry, place: Place): string[] {
  const chosen = value[type.discriminator ?? ""];
  if (typeof chosen !== "string") return [`BCP078 ${place.at}.${type.discriminator}: missing`];
  if (isExpression(chosen)) return [];
  const variant = (type.elements as Record<string, Ref>)[chosen];
  if (!variant) return [`BCP036 ${place.at}.${type.discriminator}: no variant "${chosen}"`];
  const body = entry(place.table, variant);
  const properties = { ...type.baseProperties, ...body.properties };
  return checkObject(value, { ...body, properties }, place);
}

function checkUnion(value: unknown, type: Entry, place: Place): string[] {
  const all = (type.elements as Ref[]).map((ref) => ({ ref, ...entry(place.table, ref) }));
  // A list with plain text in it is open.
  if (all.some(({ ref }) => check(value, ref, place).length === 0)) return [];
  return [`BCP036 ${place.at}: ${JSON.stringify(value)} is none of the values`];
}

function fits(value: unknown, type: Entry): boolean {
  if (type.$type === "StringLiteralType") return value === type.value;
  if (type.$type === "BooleanType") return typeof value === "boolean";
  if (type.$type === "IntegerType") {
    return typeof value === "number" && value >= (type.minValue ?? -Infinity) && value <= (type.maxValue ?? Infinity);
  }
  if (type.$type !== "StringType" || typeof value !== "string") return false;
  const lengthFits = value.length >= (type.minLength ?? 0) && value.length <= (type.maxLength ?? Infinity);
  return lengthFits && (!type.pattern || new RegExp(type.pattern).test(value));
}

function entry(table: readonly Entry[], { $ref }: Ref): Entry {
  const found = table[Number($ref.split("/").at(-1))];
  if (!found) throw new Error(`Cannot read the types: no entry ${$ref}`);
  return found;
}

function isExpression(value: unknown): boolean {
  return typeof value === "string" && /^\[[^[].*\]$/s.test(value);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
