import type { Directory } from "../directory/create-directory.ts";
import type { Caller } from "./caller.ts";
import { refuse } from "./refusal.ts";

/** Throws the 403 where the caller owns as many objects as the tenant lets anybody own. */
export function checkQuota({ state, rules }: Directory, { objectId }: Caller): void {
  if (rules.objectsPerPrincipal === Number.POSITIVE_INFINITY) return;
  const owned = [...state.applications.list(), ...state.servicePrincipals.list()].filter(({ owners }) =>
    owners.includes(objectId),
  );
  if (owned.length < rules.objectsPerPrincipal) return;
  throw refuse(
    403,
    "Directory_QuotaExceeded",
    "The directory object quota limit for the Principal has been exceeded. Please ask your administrator to increase the quota limit or delete objects to reduce the used quota.",
  );
}
