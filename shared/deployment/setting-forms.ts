import { z } from "zod";

const expects = (text: string) => (issue: { input?: unknown }) => (issue.input === undefined ? "is missing" : text);

export const guid = z.guid({ error: expects("must be a GUID") });
export const origin = z.url({ protocol: /^https$/, error: expects("must be an https:// URL") }).transform(trimSlash);
export const server = z.url({ protocol: /^https?$/, error: expects("must be an http(s):// URL") }).transform(trimSlash);
export const list = z
  .string()
  .transform((text) =>
    text
      .split(",")
      .map((item) => item.trim())
      .filter((item) => item !== ""),
  )
  .default([]);
export const whole = (least: number, most: number, otherwise: number) =>
  z.coerce
    .number({ error: "must be a whole number" })
    .int({ error: "must be a whole number" })
    .min(least, { error: `must be at least ${least}` })
    .max(most, { error: `must be at most ${most}` })
    .default(otherwise);

/** What is wrong with what, one sentence each; never a value. `name` says how the operator calls the place. */
export function describe(error: z.ZodError, name: (path: PropertyKey[]) => string): string[] {
  return error.issues.map((issue) => {
    if (issue.code === "unrecognized_keys") return `${name(issue.path)} has unknown fields: ${issue.keys.join(", ")}`;
    return `${name(issue.path)} ${issue.message}`;
  });
}

function trimSlash(url: string): string {
  return url.replace(/\/+$/, "");
}
