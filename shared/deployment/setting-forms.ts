import * as z from "zod";

const expects = (text: string) => (issue: { input?: unknown }) => (issue.input === undefined ? "is missing" : text);

/** In lower case, as Entra writes it: it is compared with what stands in tokens. */
export const guid = z.guid({ error: expects("must be a GUID") }).toLowerCase();
/** The address of a service, without a slash at its end. */
export const origin = z
  .url({ protocol: /^https$/, error: expects("must be an https:// URL"), abort: true })
  .refine((url) => isBare(url) && new URL(url).pathname === "/", { error: "must be https://<host>, without a path" })
  .transform(trimSlash);
/** The address of an OpenMetadata server, without a slash at its end. */
export const server = z
  .url({ protocol: /^https?$/, error: expects("must be an http(s):// URL"), abort: true })
  .refine(isBare, { error: "must have no query, no fragment and no password" })
  .refine((url) => !/\/api(\/v1)?\/*$/.test(url), {
    error: "must be where people open OpenMetadata, without /api at its end",
  })
  .transform(trimSlash);

/** A list in a setting: `a,b`, or as OpenMetadata's own settings have it, `[a,b]`. */
export const list = z
  .string()
  .transform((text) => /^\[(.*)\]$/s.exec(text.trim())?.[1] ?? text)
  .transform((text) => text.split(",").map((item) => unquoted(item.trim())))
  .transform((items) => items.filter((item) => item !== ""))
  .default([]);

export const whole = (least: number, most: number, otherwise: number) =>
  z.coerce
    .number({ error: "must be a whole number" })
    .int({ error: "must be a whole number" })
    .min(least, { error: `must be at least ${least}` })
    .max(most, { error: `must be at most ${most}` })
    .default(otherwise);

/**
 * What is wrong with what, one sentence each; never a value. `name` says how the operator calls the place, `meant` how
 * a field is really called.
 */
export function describe(
  error: z.ZodError,
  name: (path: PropertyKey[]) => string,
  meant: (field: string) => string | undefined = () => undefined,
): string[] {
  return error.issues.map((issue) => {
    if (issue.code !== "unrecognized_keys") return `${name(issue.path)} ${issue.message}`;
    const fields = issue.keys.map((field) => {
      const right = meant(field);
      return right === undefined ? field : `${field} (did you mean ${right}?)`;
    });
    return `${name(issue.path)} has unknown fields: ${fields.join(", ")}`;
  });
}

function isBare(url: string): boolean {
  const { username, password, search, hash } = new URL(url);
  return [username, password, search, hash].every((part) => part === "");
}

function unquoted(item: string): string {
  return /^(["'])(.*)\1$/.exec(item)?.[2] ?? item;
}

function trimSlash(url: string): string {
  return url.replace(/\/+$/, "");
}
