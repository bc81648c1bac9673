import type { Context } from "hono";
import type { Directory } from "../../directory/create-directory.ts";
import type { ServicePrincipal } from "../../directory/service-principal.ts";
import { applicationWithAppId } from "../../directory/state.ts";
import type { Authenticated } from "../caller.ts";
import { hasKey, type Key, readKey } from "../odata/path.ts";
import { type Operation, requireOwner, requireRight } from "../permissions.ts";
import { notFound } from "../refusal.ts";

/** What a service principal may be addressed by beside its id. */
export const PRINCIPAL_KEYS = ["appId"];

/** The service principal as readers see it now. */
export function readServicePrincipal(directory: Directory, key: Key): ServicePrincipal {
  const seen = directory.state.servicePrincipals.list(directory.delayOfReads());
  const principal = seen.find((candidate) => hasKey(candidate, key));
  if (!principal) throw notFound(key.value);
  return principal;
}

/** The service principal that the request addresses, if the caller may do that to it. */
export function principalToChange(
  c: Context<Authenticated>,
  directory: Directory,
  operation: Operation,
): ServicePrincipal {
  const right = requireRight(c.get("caller"), operation);
  const key = readKey(c.req.param("key") ?? "", PRINCIPAL_KEYS);
  const known = directory.state.servicePrincipals.list(directory.delayOfReferences());
  const principal = known.find((candidate) => hasKey(candidate, key));
  if (!principal) throw notFound(key.value);
  requireOwner(right, c.get("caller"), ownersOf(directory, principal));
  return principal;
}

/** Owned is what the caller owns, and what belongs to an application that it owns. */
export function ownersOf(directory: Directory, { appId, owners }: ServicePrincipal): string[] {
  return [...owners, ...(applicationWithAppId(directory.state, appId)?.owners ?? [])];
}
