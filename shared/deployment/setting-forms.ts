import * as z from "zod";
import { isRedirectUri } from "./addresses.ts";

const expects = (text: string) => (issue: { input?: unknown }) => (issue.input === undefined ? "is missing" : text);

/** In lower case, as Entra writes it: it is compared with what stands in tokens. */
export const guid = z.guid({ error: expects("must be a GUID") }).toLowerCase();
/** The address of a service, without a slash at its end. */
export const origin = z
  .url({ protocol: /^https$/, error: expects("must be an https:// URL"), abort: true })
  .refine(namesOneHost, { error: "must be a single URL", abort: true })
  .refine((url) => isBare(url) && new URL(url).pathname === "/", { error: "must be https://<host>, without a path" })
  .transform(plainUrl);
/** The address of an OpenMetadata server, without a slash at its end. */
export const server = z
  .url({ protocol: /^https?$/, error: expects("must be an http(s):// URL"), abort: true })
  .refine(namesOneHost, { error: "must be a single URL", abort: true })
  .refine(isBare, { error: "must have no query, no fragment and no password" })
  .refine((url) => !/\/api(\/v1)?\/*$/i.test(new URL(url).pathname), {
    error: "must be where people open OpenMetadata, without /api at its end",
  })
  // What the address bar shows before and after a sign-in.
  .refine((url) => !/\/(signin|callback|my-data)\/*$/i.test(new URL(url).pathname), {
    error: "must be where people open OpenMetadata, without /signin, /callback or /my-data at its end",
  })
  .transform(plainUrl);
/** An address that Entra may send people to (Microsoft Learn: "Redirect URI (reply URL) outline and restrictions"). */
export const redirectUri = z
  .string()
  .refine((uri) => /^https?:\/\/[^\s!$'(),;*#]+$/i.test(uri) && URL.canParse(uri) && uri.length <= 256, {
    error: "must be https:// URLs of at most 256 characters, separated by commas, without blanks, # or any of !$'();*",
    abort: true,
  })
  .refine((uri) => namesOneHost(uri) && isSafe(uri), {
    error: "must be https:// URLs without a password; only localhost may have http://",
    abort: true,
  })
  .transform((uri) => uri.replace(/^[^/]*\/\/[^/?]*/, new URL(uri).origin));

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

/** As it is compared everywhere: scheme and host in lower case, no port that goes without saying, no slash at the end. */
function plainUrl(url: string): string {
  const { origin: address, pathname } = new URL(url);
  return `${address}${pathname}`.replace(/\/+$/, "");
}

/** Two addresses, separated by a comma, are one to the eyes of a URL parser. */
function namesOneHost(url: string): boolean {
  return /^(?:[\w.-]+|\[[\da-f:.]+\])$/i.test(new URL(url).hostname);
}

function isSafe(uri: string): boolean {
  const { username, password } = new URL(uri);
  return username === "" && password === "" && isRedirectUri(uri);
}
