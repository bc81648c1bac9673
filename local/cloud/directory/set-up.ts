import { randomUUID } from "node:crypto";
import { newApplication } from "./application.ts";
import { newAssignment } from "./consent.ts";
import { GRAPH_APP_ID } from "./microsoft-graph.ts";
import { exposedBy, newServicePrincipal, type ServicePrincipal } from "./service-principal.ts";
import { applicationWithAppId, type State, servicePrincipalWithAppId } from "./state.ts";

/** The two ids of what was set up: of the application, and of its service principal. */
export interface Identity {
  clientId: string;
  objectId: string;
}

/** What an administrator has prepared before the story begins: every reader sees it at once, whatever the delays. */
export interface SetUp {
  createManagedIdentity(given: { displayName: string; graphPermissions: string[] }): Identity;
  /** A registration with a service principal, `api://<client id>` and v2 tokens; it has neither name nor owner. */
  createApi(given: { displayName: string; appRoles: string[] }): Identity;
  assignRole(given: { principalObjectId: string; apiClientId: string; role: string }): void;
  grantGraphPermission(objectId: string, permission: string): void;
  revokeGraphPermission(objectId: string, permission: string): void;
  /** Makes a service principal an owner of an application and of the service principal that belongs to it. */
  addOwner(clientId: string, ownerObjectId: string): void;
}

export function createSetUp(state: State): SetUp {
  const now = () => state.clock.now();

  const assign = (principalId: string, appId: string, role: string): void => {
    const { resource, appRoleId } = findRole(state, appId, role);
    const assignment = newAssignment({ principalId, resourceId: resource.id, appRoleId }, now());
    state.assignments.settle(assignment.id, assignment);
  };

  return {
    createManagedIdentity({ displayName, graphPermissions }) {
      const appId = randomUUID();
      const own = { displayName, names: [appId], appRoles: [], scopes: [] };
      const principal: ServicePrincipal = { ...newServicePrincipal(appId), type: "ManagedIdentity", own };
      state.servicePrincipals.settle(principal.id, principal);
      for (const permission of graphPermissions) assign(principal.id, GRAPH_APP_ID, permission);
      return { clientId: appId, objectId: principal.id };
    },
    createApi({ displayName, appRoles }) {
      const plain = newApplication(displayName, now());
      const principal = newServicePrincipal(plain.appId);
      state.applications.settle(plain.id, {
        ...plain,
        signInAudience: "AzureADMyOrg",
        identifierUris: [`api://${plain.appId}`],
        api: { ...plain.api, requestedAccessTokenVersion: 2 },
        appRoles: appRoles.map((value) => ({
          id: randomUUID(),
          value,
          displayName: value,
          description: value,
          allowedMemberTypes: ["Application"],
          isEnabled: true,
        })),
      });
      state.servicePrincipals.settle(principal.id, principal);
      return { clientId: plain.appId, objectId: principal.id };
    },
    assignRole: ({ principalObjectId, apiClientId, role }) => assign(principalObjectId, apiClientId, role),
    grantGraphPermission: (objectId, permission) => assign(objectId, GRAPH_APP_ID, permission),
    revokeGraphPermission(objectId, permission) {
      const { resource, appRoleId } = findRole(state, GRAPH_APP_ID, permission);
      for (const one of state.assignments.bearing("principalId", objectId)) {
        const isIt = one.resourceId === resource.id && one.appRoleId === appRoleId;
        if (isIt) state.assignments.remove(one.id);
      }
    },
    addOwner(clientId, ownerObjectId) {
      const application = applicationWithAppId(state, clientId);
      if (!application) throw new Error(`Cannot add an owner: no application has the client id "${clientId}"`);
      state.applications.settle(application.id, { ...application, owners: [...application.owners, ownerObjectId] });
      const principal = servicePrincipalWithAppId(state, clientId);
      if (!principal) return;
      state.servicePrincipals.settle(principal.id, { ...principal, owners: [...principal.owners, ownerObjectId] });
    },
  };
}

function findRole(state: State, appId: string, value: string): { resource: ServicePrincipal; appRoleId: string } {
  const resource = servicePrincipalWithAppId(state, appId);
  const exposed = resource && exposedBy(resource, applicationWithAppId(state, appId));
  const role = exposed?.appRoles.find((candidate) => candidate.value === value);
  if (!resource || !role) throw new Error(`Cannot find the app role "${value}" of "${appId}"`);
  return { resource, appRoleId: role.id };
}
