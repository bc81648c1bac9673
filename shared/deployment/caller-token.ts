import { defaultScope } from "./addresses.ts";

/** The line by which whoever is signed in to az gets a token for this app's API, by its client id. */
export function callerTokenCommand(audience: string): string {
  return `az account get-access-token --scope '${defaultScope(audience)}'`;
}
