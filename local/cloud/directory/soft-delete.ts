import type { Application } from "./application.ts";
import type { Delay } from "./records.ts";
import { type State, servicePrincipalWithAppId } from "./state.ts";
import { timeText } from "./time-text.ts";

export interface DeletedApplication {
  application: Application;
  deletedDateTime: string;
}

const DAY = 24 * 60 * 60 * 1000;
const KEPT_DAYS = 30;

/**
 * Deletes an application softly. Its service principal goes with it, and with that all consent; a later restoration
 * brings back neither.
 */
export function softDelete(state: State, application: Application): void {
  state.applications.remove(application.id);
  state.deletedApplications.put(application.id, { application, deletedDateTime: timeText(state.clock.now()) });
  const principal = servicePrincipalWithAppId(state, application.appId);
  if (!principal) return;
  state.servicePrincipals.remove(principal.id);
  for (const { id, principalId, resourceId } of state.assignments.list()) {
    if (principalId === principal.id || resourceId === principal.id) state.assignments.remove(id);
  }
  for (const { id, clientId, resourceId } of state.grants.list()) {
    if (clientId === principal.id || resourceId === principal.id) state.grants.remove(id);
  }
}

/** Brings back an application that was deleted softly, with its id, names and secrets. */
export function restore(state: State, { application }: DeletedApplication): void {
  state.deletedApplications.remove(application.id);
  state.applications.put(application.id, application);
}

/** The applications that can still be restored: after 30 days they are gone for good, and their names free. */
export function restorable(state: State, delay?: Delay): DeletedApplication[] {
  const oldest = state.clock.now().getTime() - KEPT_DAYS * DAY;
  return state.deletedApplications.list(delay).filter((one) => new Date(one.deletedDateTime).getTime() > oldest);
}
