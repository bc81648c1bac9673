import type { Context } from "hono";
import { z } from "zod";
import { badParameter, notModelled } from "./refusal.ts";
import type { Authenticated } from "./vault.ts";

/** Limits of Microsoft Learn, "About Azure Key Vault secrets". */
const MAX_VALUE_BYTES = 25 * 1024;
const MAX_TAGS = 15;

const properties = {
  contentType: z.string().max(255).optional(),
  tags: z
    .record(z.string().max(256), z.string().max(256))
    .refine((tags) => Object.keys(tags).length <= MAX_TAGS)
    .optional(),
  // Whether the real service minds times before 1970 is unverified: they are what the 32-bit cut of Microsoft's
  // JavaScript client makes of dates from 2038 on, and here they come to light.
  attributes: z
    .strictObject({
      enabled: z.boolean().optional(),
      nbf: z.int().nonnegative().optional(),
      exp: z.int().nonnegative().optional(),
    })
    .optional(),
};

/** `SecretSetParameters`. */
export const setParameters = z.strictObject({
  value: z.string().refine((value) => Buffer.byteLength(value) <= MAX_VALUE_BYTES),
  ...properties,
});

/** `SecretUpdateParameters`: no value, which cannot be changed. */
export const updateParameters = z.strictObject(properties);

/** Reads a JSON body; throws the 400 for one that does not fit, without repeating anything of it but property names. */
export async function readBody<T>(c: Context<Authenticated>, schema: z.ZodType<T>): Promise<T> {
  const body = await readJson(c);
  checkModelled(body);
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const unknown = issue?.code === "unrecognized_keys" ? issue.keys[0] : undefined;
  const path = [...(issue?.path ?? []), ...(unknown === undefined ? [] : [unknown])].join(".");
  // The real service leaves the name of the property out, so that two blanks follow each other.
  throw badParameter(`Property ${path} has invalid value\r\n`);
}

/** What only the service sets, by the published contract; whether a vault minds it or a null in a request is unverified. */
const SET_BY_SERVICE = ["id", "kid", "managed", "created", "updated", "recoveryLevel", "recoverableDays"];

function checkModelled(body: unknown): void {
  if (typeof body !== "object" || body === null) return;
  const { attributes, ...rest } = { attributes: undefined, ...body };
  for (const [name, value] of Object.entries({ ...rest, ...(attributes ?? {}) })) {
    if (SET_BY_SERVICE.includes(name)) throw notModelled(`the read-only property '${name}' in a request`);
    if (value === null && name !== "value") throw notModelled(`null for '${name}' in a request`);
  }
}

async function readJson(c: Context<Authenticated>): Promise<unknown> {
  try {
    return await c.req.json();
  } catch {
    throw badParameter("Request body is not valid JSON");
  }
}
