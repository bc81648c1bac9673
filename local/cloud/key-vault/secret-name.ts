import { badParameter } from "./refusal.ts";

const NAME = /^[0-9a-zA-Z-]{1,127}$/;

/** The name, or the 400 for one that no secret can have. The length of 127 is the portal's limit; the API names none. */
export function requireName(name: string | undefined): string {
  if (name === undefined || !NAME.test(name)) throw badParameter(`The request URI contains an invalid name: ${name}`);
  return name;
}
