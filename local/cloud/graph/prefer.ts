import type { Context } from "hono";

/** Whether a PATCH shall create what is not there: header `Prefer: create-if-missing` (Microsoft Learn: "Upsert"). */
export function wantsCreation(c: Context): boolean {
  const preferences = (c.req.header("prefer") ?? "").split(",").map((preference) => preference.trim().toLowerCase());
  return preferences.includes("create-if-missing");
}
