import type { Directory } from "../directory/create-directory.ts";
import { isGuid } from "./odata/path.ts";
import { invalidIdentifier, notFound } from "./refusal.ts";

/**
 * The object id in a reference such as `https://graph.microsoft.com/v1.0/directoryObjects/<id>`; only who is there can
 * own something. Which address Graph is reached by does not matter to it.
 */
export function ownedObjectId(reference: string, { state }: Directory): string {
  const id = /\/(?:v1\.0|beta)\/(?:directoryObjects|servicePrincipals|users)\/([\w-]+)$/.exec(reference)?.[1];
  if (!id || !isGuid(id)) throw invalidIdentifier(reference);
  if (!state.servicePrincipals.get(id) && !state.people.has(id)) throw notFound(id);
  return id;
}
