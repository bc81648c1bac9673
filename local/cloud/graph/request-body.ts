import type { Context } from "hono";
import { z } from "zod";
import { badRequest, invalidValue, notModelled, refuse } from "./refusal.ts";

/** A kind of request body: its schema, and what the real service has beside it. */
export interface BodyRules<T> {
  /** The kind of object in messages, for example `Application`. */
  resource: string;
  schema: z.ZodType<T>;
  readOnly?: string[];
  /** Properties that Graph takes and this stand-in does not. */
  notModelled?: string[];
}

/**
 * Reads a JSON body; an unknown property, a wrong type or a wrong value is a 400. It is the only thing that a request
 * waits for: routes look up what they change after it, so that two requests at once cannot undo each other's work.
 */
export async function readBody<T>(c: Context, rules: BodyRules<T>): Promise<T> {
  const body = await readJson(c);
  for (const name of Object.keys(body)) {
    if (rules.readOnly?.includes(name)) throw badRequest(`Property '${name}' is read-only and cannot be set.`);
    if (rules.notModelled?.includes(name)) throw notModelled(`the property '${name}' of ${rules.resource}`);
  }
  const parsed = rules.schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  if (issue?.code === "unrecognized_keys") throw badRequest(`Invalid property '${issue.keys[0]}'.`);
  const property = issue?.path.filter((part) => typeof part === "string").join(".") ?? "";
  const missing = issue?.path.reduce<unknown>(member, body) === undefined;
  if (missing) throw badRequest(`A value is required for property '${property}' of resource '${rules.resource}'.`);
  throw invalidValue(property, rules.resource);
}

async function readJson(c: Context): Promise<Record<string, unknown>> {
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

function member(value: unknown, name: PropertyKey): unknown {
  return typeof value === "object" && value !== null
    ? new Map<PropertyKey, unknown>(Object.entries(value)).get(String(name))
    : undefined;
}
