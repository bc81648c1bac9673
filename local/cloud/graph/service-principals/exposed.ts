import type { Directory } from "../../directory/create-directory.ts";
import { type Exposed, exposedBy, type ServicePrincipal } from "../../directory/service-principal.ts";
import { applicationWithAppId } from "../../directory/state.ts";

/** A service principal that another object may refer to by now, or `undefined` while it is too young. */
export function replicatedPrincipal(directory: Directory, id: string): ServicePrincipal | undefined {
  return directory.state.servicePrincipals.bearing("id", id, directory.delayOfReferences())[0];
}

/** What a service principal exposes as far as it has spread: a new role or scope takes as long as a new object. */
export function replicatedExposed(directory: Directory, principal: ServicePrincipal): Exposed {
  const lag = directory.replication.objects;
  return exposedBy(principal, applicationWithAppId(directory.state, principal.appId, { minAge: 0, lag }));
}
