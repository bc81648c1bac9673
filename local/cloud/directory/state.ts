import type { Clock } from "../../clock.ts";
import type { Application } from "./application.ts";
import type { AppRoleAssignment, PermissionGrant } from "./consent.ts";
import { createRecords, type Delay, type Records } from "./records.ts";
import type { ServicePrincipal } from "./service-principal.ts";
import type { DeletedApplication } from "./soft-delete.ts";

/** All objects of a tenant, each kind by its id (a soft-deleted application by the id of the application). */
export interface State {
  clock: Clock;
  tenantId: string;
  applications: Records<Application>;
  deletedApplications: Records<DeletedApplication>;
  servicePrincipals: Records<ServicePrincipal>;
  assignments: Records<AppRoleAssignment>;
  grants: Records<PermissionGrant>;
}

export function emptyState(clock: Clock, tenantId: string): State {
  return {
    clock,
    tenantId,
    applications: createRecords(clock),
    deletedApplications: createRecords(clock),
    servicePrincipals: createRecords(clock),
    assignments: createRecords(clock),
    grants: createRecords(clock),
  };
}

export function applicationWithAppId(state: State, appId: string, delay?: Delay): Application | undefined {
  return state.applications.list(delay).find((application) => application.appId === appId);
}

export function servicePrincipalWithAppId(state: State, appId: string, delay?: Delay): ServicePrincipal | undefined {
  return state.servicePrincipals.list(delay).find((principal) => principal.appId === appId);
}
