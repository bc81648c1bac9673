import type { Application } from "./application.ts";
import type { Delay } from "./records.ts";
import type { ServicePrincipal } from "./service-principal.ts";
import {
  type DeletedApplication,
  type DeletedServicePrincipal,
  type State,
  servicePrincipalWithAppId,
} from "./state.ts";
import { timeText } from "./time-text.ts";

const DAY = 24 * 60 * 60 * 1000;
const KEPT_DAYS = 30;

/**
 * Deletes an application softly. Its service principal goes with it, and with that all consent; a later restoration of
 * the application brings back neither.
 */
export function softDelete(state: State, application: Application): void {
  state.applications.remove(application.id);
  state.deletedApplications.put(application.id, { application, deletedDateTime: timeText(state.clock.now()) });
  const principal = servicePrincipalWithAppId(state, application.appId);
  if (principal) softDeletePrincipal(state, principal);
}

/** Deletes a service principal softly; all consent that it has or gives is gone for good (the last unverified). */
export function softDeletePrincipal(state: State, principal: ServicePrincipal): void {
  state.servicePrincipals.remove(principal.id);
  state.deletedServicePrincipals.put(principal.id, { principal, deletedDateTime: timeText(state.clock.now()) });
  for (const end of ["principalId", "resourceId"] as const) {
    for (const { id } of state.assignments.bearing(end, principal.id)) state.assignments.remove(id);
  }
  for (const end of ["clientId", "resourceId"] as const) {
    for (const { id } of state.grants.bearing(end, principal.id)) state.grants.remove(id);
  }
}

/** Brings back an application that was deleted softly, with its id, names and secrets. */
export function restore(state: State, { application }: DeletedApplication): void {
  state.deletedApplications.remove(application.id);
  state.applications.put(application.id, application);
}

/** Brings back a service principal that was deleted softly, with its id, owners and secrets. */
export function restorePrincipal(state: State, { principal }: DeletedServicePrincipal): void {
  state.deletedServicePrincipals.remove(principal.id);
  state.servicePrincipals.put(principal.id, principal);
}

/** The applications that can still be restored: after 30 days they are gone for good, and their names free. */
export function restorable(state: State, delay?: Delay): DeletedApplication[] {
  return state.deletedApplications.list(delay).filter((one) => isKept(state, one));
}

/** The service principals that can still be restored. */
export function restorablePrincipals(state: State, delay?: Delay): DeletedServicePrincipal[] {
  return state.deletedServicePrincipals.list(delay).filter((one) => isKept(state, one));
}

function isKept({ clock }: State, { deletedDateTime }: { deletedDateTime: string }): boolean {
  return new Date(deletedDateTime).getTime() > clock.now().getTime() - KEPT_DAYS * DAY;
}
