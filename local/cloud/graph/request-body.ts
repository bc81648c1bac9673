import { isDeepStrictEqual } from "node:util";
import type { Context } from "hono";
import { z } from "zod";
import { badRequest, invalidValue, notModelled, refuse } from "./refusal.ts";

/** A kind of request body: its schema, and what the real service has beside it. */
export interface BodyRules<T> {
  /** The kind of object in messages, for example `Application`; with a small letter it is the name of the type. */
  resource: string;
  schema: z.ZodType<T>;
  readOnly?: readonly string[];
  /**
   * Properties that Graph takes and this stand-in does not, with the value that all objects have here: sent with it (or
   * with null) they change nothing. One inside a structure is written `web.redirectUriSettings`.
   */
  notModelled?: Readonly<Record<string, unknown>>;
}

type Body = Record<string, unknown>;

/**
 * Reads a JSON body; an unknown property, a wrong type or a wrong value is a 400. It is the only thing that a request
 * waits for: routes look up what they change after it, so that two requests at once cannot undo each other's work.
 */
export async function readBody<T>(c: Context, rules: BodyRules<T>): Promise<T> {
  const sent = await readJson(c);
  checkType(sent, rules.resource);
  const body = withoutAnnotations(sent) as Body;
  for (const name of Object.keys(body)) {
    if (rules.readOnly?.includes(name)) throw badRequest(`Property '${name}' is read-only and cannot be set.`);
  }
  for (const [path, usual] of Object.entries(rules.notModelled ?? {})) leaveOut(body, { path, usual, rules });
  const parsed = rules.schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  if (issue?.code === "unrecognized_keys") throw badRequest(`Invalid property '${issue.keys[0]}'.`);
  const property = issue?.path.filter((part) => typeof part === "string").join(".") ?? "";
  const missing = issue?.path.reduce<unknown>(member, body) === undefined;
  if (missing) throw badRequest(`A value is required for property '${property}' of resource '${rules.resource}'.`);
  throw invalidValue(property, rules.resource);
}

async function readJson(c: Context): Promise<Body> {
  const type = c.req.header("content-type");
  if (!type) throw refuse(400, "BadRequest", "A missing or empty content type header was found. It is required.");
  if (!/^application\/json\s*(?:;|$)/i.test(type)) {
    throw refuse(415, "UnsupportedMediaType", `The content type '${type}' is not supported.`);
  }
  const body = z.record(z.string(), z.unknown()).safeParse(await c.req.json().catch(() => undefined));
  if (body.success) return body.data;
  throw refuse(
    400,
    "BadRequest",
    "Unable to read JSON request payload. Please ensure Content-Type header is set and payload is of valid JSON format.",
  );
}

/** Generated clients name the type of every object that they send; the outermost must be what the request is about. */
function checkType(body: Body, resource: string): void {
  const given = body["@odata.type"];
  if (given === undefined) return;
  const expected = `microsoft.graph.${resource.charAt(0).toLowerCase()}${resource.slice(1)}`;
  if (String(given).replace(/^#/, "").toLowerCase() === expected.toLowerCase()) return;
  throw refuse(
    400,
    "BadRequest",
    `A type named '${given}' could not be resolved by the model or is not expected here.`,
  );
}

/** Control information says nothing about the object, but for references. OASIS: "OData JSON Format 4.01", 4.6. */
function withoutAnnotations(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutAnnotations);
  if (typeof value !== "object" || value === null) return value;
  const kept = Object.entries(value).filter(([name]) => !name.includes("@odata.") || /@odata\.(?:id|bind)$/.test(name));
  return Object.fromEntries(kept.map(([name, part]) => [name, withoutAnnotations(part)]));
}

function leaveOut<T>(body: Body, { path, usual, rules }: { path: string; usual: unknown; rules: BodyRules<T> }): void {
  const [first = "", second] = path.split(".");
  const inner = second === undefined ? body : body[first];
  const name = second ?? first;
  if (typeof inner !== "object" || inner === null || !(name in inner)) return;
  const value = member(inner, name);
  if (value !== null && !changesNothing(value, usual)) {
    throw notModelled(`the property '${path}' of ${rules.resource} with another value than ${JSON.stringify(usual)}`);
  }
  Reflect.deleteProperty(inner, name);
}

/** Generated clients leave nulls out of what they send back, down to an empty structure. */
function changesNothing(value: unknown, usual: unknown): boolean {
  if (isDeepStrictEqual(value, usual)) return true;
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  return Object.entries(value).every(([name, part]) => isDeepStrictEqual(part, member(usual, name)));
}

function member(value: unknown, name: PropertyKey): unknown {
  return typeof value === "object" && value !== null
    ? new Map<PropertyKey, unknown>(Object.entries(value)).get(String(name))
    : undefined;
}
