import type { Context } from "hono";
import type { Directory } from "../../directory/create-directory.ts";
import type { Delay } from "../../directory/records.ts";
import type { ServicePrincipal } from "../../directory/service-principal.ts";
import { applicationWithAppId } from "../../directory/state.ts";
import type { Authenticated } from "../caller.ts";
import { type Key, readKey } from "../odata/path.ts";
import { type Operation, requireOwner, requireRight } from "../permissions.ts";
import { notFound } from "../refusal.ts";

/** What a service principal may be addressed by beside its id. */
export const PRINCIPAL_KEYS = ["appId"] as const;

type PrincipalKey = Key<(typeof PRINCIPAL_KEYS)[number]>;

/** The service principal as readers see it now. */
export function readServicePrincipal(directory: Directory, key: PrincipalKey): ServicePrincipal {
  const principal = findPrincipal(directory, key, directory.delayOfReads());
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
  const principal = findPrincipal(directory, key, directory.delayOfReferences());
  if (!principal) throw notFound(key.value);
  requireOwner(right, c.get("caller"), ownersOf(directory, principal));
  return principal;
}

/** Without a delay the newest version. */
export function findPrincipal(
  { state }: Directory,
  { by, value }: PrincipalKey,
  delay?: Delay,
): ServicePrincipal | undefined {
  return state.servicePrincipals.bearing(by, value, delay)[0];
}

/** Owned is what the caller owns, and what belongs to an application that it owns. */
export function ownersOf(directory: Directory, { appId, owners }: ServicePrincipal): string[] {
  return [...owners, ...(applicationWithAppId(directory.state, appId)?.owners ?? [])];
}
