import type { Context } from "hono";
import type { z } from "zod";
import { badProperties, type Refusal, refusal } from "./refusal.ts";

/** A path's parameter `id`; anything else there is a path that does not exist. */
export const ID = ":id{[\\da-fA-F]{8}(?:-[\\da-fA-F]{4}){3}-[\\da-fA-F]{12}}";

/**
 * Reads a JSON body and throws the 400 for one that does not fit: an unknown property, a missing or a malformed one.
 * `null` counts as absent, as in the real server (whose own UI sends it), although the published schemas know no null.
 */
export async function readBody<T>(c: Context, schema: z.ZodType<T>): Promise<T> {
  requireContentType(c, "application/json");
  return readValue(schema, withoutNulls(await readJson(c)));
}

/** Reads a part of a body that is already there, with the same 400. */
export function readValue<T>(schema: z.ZodType<T>, value: unknown): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const { issues } = parsed.error;
  // The real server converts first, which fails at an unknown property, and then validates.
  throw refused(issues.find(({ code }) => code === "unrecognized_keys") ?? issues[0]);
}

/** Throws the 415 for a body of another type; parameters such as a charset are free. */
export function requireContentType(c: Context, type: "application/json" | "application/json-patch+json"): void {
  const sent = c.req.header("content-type")?.split(";")[0]?.trim().toLowerCase();
  if (sent !== type) throw refusal(415, "HTTP 415 Unsupported Media Type");
}

/** The body as JSON; throws the 400 for text that is none (which the real server gives as plain text). */
export async function readJson(c: Context): Promise<unknown> {
  try {
    return await c.req.json();
  } catch {
    throw refusal(400, "Unable to process JSON");
  }
}

/** The real server names the class too, and the properties that it knows. */
function refused(issue: z.core.$ZodIssue | undefined): Refusal {
  if (issue?.code === "unrecognized_keys") return refusal(400, `Unrecognized field "${issue.keys[0]}"`);
  const path = issue?.path.join(".") ?? "";
  const missing = issue?.code === "invalid_type" && issue.message.endsWith("received undefined");
  return badProperties([`${path} ${missing ? "must not be null" : issue?.message}`]);
}

function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (value === null || typeof value !== "object") return value;
  const kept = Object.entries(value).filter(([, inner]) => inner !== null);
  return Object.fromEntries(kept.map(([key, inner]) => [key, withoutNulls(inner)]));
}
