import type { Context } from "hono";
import type { Directory } from "../../directory/create-directory.ts";
import type { ServicePrincipal } from "../../directory/service-principal.ts";
import type { Keeper } from "../applications/password-routes.ts";
import type { Authenticated } from "../caller.ts";
import { readKey } from "../odata/path.ts";
import type { Property } from "../owner-routes.ts";
import { PRINCIPAL_KEYS, principalToChange, readServicePrincipal } from "./find.ts";
import { servicePrincipalAnswer } from "./service-principal-answer.ts";

/** Policies spare what was there before them; nobody tells the birth of a service principal, so it counts as old. */
const UNKNOWN_BIRTH = new Date(0).toISOString();

/** The secrets of service principals, beside those of their applications. */
export function secretsOfPrincipals(directory: Directory): Keeper {
  return {
    find(c) {
      const principal = principalToChange(c, directory, "write passwords");
      const application = { id: principal.id, createdDateTime: UNKNOWN_BIRTH };
      return { application, secrets: principal.secrets, put: (secrets) => put(directory, principal, { secrets }) };
    },
  };
}

/** The owners of service principals. */
export function ownersOfPrincipals(directory: Directory): Property {
  return {
    read: (c) => readServicePrincipal(directory, readKey(c.req.param("key") ?? "", PRINCIPAL_KEYS)).owners,
    find(c) {
      const principal = principalToChange(c, directory, "write owners");
      return { owners: principal.owners, put: (owners) => put(directory, principal, { owners }) };
    },
  };
}

/** Everything that Graph shows of a service principal, for reading a part of it. */
export function propertiesOfPrincipals(directory: Directory): (c: Context<Authenticated>) => object {
  return (c) => {
    const principal = readServicePrincipal(directory, readKey(c.req.param("key") ?? "", PRINCIPAL_KEYS));
    return servicePrincipalAnswer(principal, directory);
  };
}

function put({ state }: Directory, principal: ServicePrincipal, change: Partial<ServicePrincipal>): void {
  state.servicePrincipals.put(principal.id, { ...principal, ...change });
}
