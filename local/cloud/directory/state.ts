import type { Clock } from "../../clock.ts";
import type { Application } from "./application.ts";
import type { AppRoleAssignment, PermissionGrant } from "./consent.ts";
import { createRecords, type Delay, type Records } from "./records.ts";
import type { ServicePrincipal } from "./service-principal.ts";

/** An application in the recycle bin. */
export interface DeletedApplication {
  application: Application;
  deletedDateTime: string;
}

/** A service principal in the recycle bin. */
export interface DeletedServicePrincipal {
  principal: ServicePrincipal;
  deletedDateTime: string;
}

/** All objects of a tenant, each kind by its id (a deleted one by the id that it had). */
export interface State {
  clock: Clock;
  tenantId: string;
  applications: Records<Application, "id" | "appId" | "uniqueName" | "identifierUri">;
  deletedApplications: Records<DeletedApplication>;
  servicePrincipals: Records<ServicePrincipal, "id" | "appId" | "ownName">;
  assignments: Records<AppRoleAssignment, "principalId" | "resourceId">;
  deletedServicePrincipals: Records<DeletedServicePrincipal>;
  grants: Records<PermissionGrant, "clientId" | "resourceId">;
  /** Custom roles of Entra by their id, and who has one over which application. */
  roles: {
    definitions: Map<string, { actions: string[] }>;
    assignments: Map<string, { principalId: string; roleDefinitionId: string; applicationId: string }>;
  };
  /** Object ids of those who work here; nothing else of them is modelled. */
  people: Set<string>;
  /** By object id: tokens issued before that second, since the epoch, are good no more. */
  revokedBefore: Map<string, number>;
}

export function emptyState(clock: Clock, tenantId: string): State {
  return {
    clock,
    tenantId,
    applications: createRecords(clock, {
      id: ({ id }) => [id],
      appId: ({ appId }) => [appId],
      uniqueName: ({ uniqueName }) => [uniqueName],
      identifierUri: ({ identifierUris }) => identifierUris,
    }),
    deletedApplications: createRecords(clock, {}),
    servicePrincipals: createRecords(clock, {
      id: ({ id }) => [id],
      appId: ({ appId }) => [appId],
      ownName: ({ own }) => own?.names ?? [],
    }),
    assignments: createRecords(clock, {
      principalId: ({ principalId }) => [principalId],
      resourceId: ({ resourceId }) => [resourceId],
    }),
    deletedServicePrincipals: createRecords(clock, {}),
    grants: createRecords(clock, {
      clientId: ({ clientId }) => [clientId],
      resourceId: ({ resourceId }) => [resourceId],
    }),
    roles: { definitions: new Map(), assignments: new Map() },
    people: new Set(),
    revokedBefore: new Map(),
  };
}

export function applicationWithAppId(state: State, appId: string, delay?: Delay): Application | undefined {
  return state.applications.bearing("appId", appId, delay).find((application) => application.appId === appId);
}

export function servicePrincipalWithAppId(state: State, appId: string, delay?: Delay): ServicePrincipal | undefined {
  return state.servicePrincipals.bearing("appId", appId, delay).find((principal) => principal.appId === appId);
}
