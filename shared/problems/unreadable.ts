import type * as z from "zod";

/** Why an event or a message is ignored that is not as it should be: where it is not, never what stands there. */
export function unreadable({ issues }: z.core.$ZodError, whole: string): { kind: "ignored"; because: string } {
  const places = issues.map(({ path }) => path.join(".") || whole);
  return { kind: "ignored", because: `missing or unexpected value in ${places.join(", ")}` };
}
