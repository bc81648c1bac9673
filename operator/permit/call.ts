import { AZURE_CLI } from "./api-registration.ts";
import type { Step } from "./steps.ts";

/** A request to Microsoft Graph v1.0, for this program to send or for an administrator to type. */
export interface Call {
  method: "POST" | "PATCH";
  path: string;
  headers?: Record<string, string>;
  body: object;
}

/** The three ids of the API's registration; each may also be the name of a shell variable that holds it. */
export interface ApiIds {
  objectId: string;
  clientId: string;
  principalId: string;
}

const UPSERT = { Prefer: "create-if-missing" };

/**
 * How a step is done. `origin` is Graph's. Microsoft Learn: "Update application", "Create servicePrincipal", "Grant an
 * appRoleAssignment for a service principal", "Add owner".
 */
export function callOf(step: Step, ids: ApiIds, origin: string): Call {
  const application = `/applications/${ids.objectId}`;
  switch (step.kind) {
    case "create-registration":
      return { method: "PATCH", path: registrationPath(step.target), headers: UPSERT, body: registration(step) };
    case "update-registration":
      return { method: "PATCH", path: application, body: step.changes };
    case "set-app-id-uri":
      return { method: "PATCH", path: application, body: { identifierUris: [...step.kept, `api://${ids.clientId}`] } };
    case "pre-authorize-azure-cli": {
      const others = step.kept.filter(({ appId }) => appId !== AZURE_CLI);
      const kept = step.kept.find(({ appId }) => appId === AZURE_CLI)?.delegatedPermissionIds ?? [];
      const cli = { appId: AZURE_CLI, delegatedPermissionIds: [...kept, step.scopeId] };
      return { method: "PATCH", path: application, body: { api: { preAuthorizedApplications: [...others, cli] } } };
    }
    case "create-service-principal":
      return {
        method: "PATCH",
        path: principalPath(ids.clientId),
        headers: UPSERT,
        body: { appRoleAssignmentRequired: true },
      };
    case "require-assignment":
      return {
        method: "PATCH",
        path: `/servicePrincipals/${ids.principalId}`,
        body: { appRoleAssignmentRequired: true },
      };
    case "assign-app-role": {
      const resourceId = step.resourceId ?? ids.principalId;
      const body = { principalId: step.principalId, resourceId, appRoleId: step.roleId };
      return { method: "POST", path: `/servicePrincipals/${resourceId}/appRoleAssignedTo`, body };
    }
    case "add-owner": {
      const body = { "@odata.id": `${origin}/v1.0/directoryObjects/${step.ownerId}` };
      return { method: "POST", path: `/applications/${step.applicationId}/owners/$ref`, body };
    }
    default:
      return step satisfies never;
  }
}

/** Which id a step cannot do without; those of assignments on Microsoft Graph and of owners are known beforehand. */
export function idNeededBy(step: Step): keyof ApiIds | undefined {
  switch (step.kind) {
    case "update-registration":
    case "set-app-id-uri":
    case "pre-authorize-azure-cli":
      return "objectId";
    case "create-service-principal":
      return "clientId";
    case "require-assignment":
      return "principalId";
    case "assign-app-role":
      return step.resourceId === undefined ? "principalId" : undefined;
    default:
      return undefined;
  }
}

export function registrationPath(uniqueName: string): string {
  return `/applications(uniqueName='${uniqueName}')`;
}

export function principalPath(clientId: string): string {
  return `/servicePrincipals(appId='${clientId}')`;
}

function registration({ target, roles, scopes }: Extract<Step, { kind: "create-registration" }>): object {
  return {
    displayName: target,
    signInAudience: "AzureADMyOrg",
    api: { requestedAccessTokenVersion: 2, oauth2PermissionScopes: scopes },
    appRoles: roles,
  };
}
