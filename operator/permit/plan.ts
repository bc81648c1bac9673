import {
  API_ROLES,
  API_SCOPE,
  type ApiRole,
  type AppRole,
  AZURE_CLI,
  apiRole,
  apiScope,
  type Scope,
} from "./api-registration.ts";

/** A service principal, with the app roles that it was assigned. */
export interface Principal {
  objectId: string;
  name: string;
  assigned: { resourceId: string; appRoleId: string }[];
}

/** The registration that callers ask tokens for, as far as it matters here. */
export interface ApiRegistration {
  objectId: string;
  clientId: string;
  identifierUris: string[];
  tokenVersion: number | null;
  appRoles: { id: string; value: string | null }[];
  scopes: { id: string; value: string | null }[];
  preAuthorized: { appId: string; delegatedPermissionIds: string[] }[];
  principal: { objectId: string; requiresAssignment: boolean } | undefined;
}

export interface Observed {
  /** Name of the API's registration, also while there is none; undefined: none is asked for. */
  apiName: string | undefined;
  api: ApiRegistration | undefined;
  /** Microsoft Graph's service principal and the ids of its application permissions. */
  graph: { objectId: string; roleIds: Record<string, string> };
  identity: Principal | undefined;
  callers: { principal: Principal; role: ApiRole }[];
  adopted: { objectId: string; name: string; owners: string[] }[];
}

/** One change in Entra. `because` and `target` are for people; nothing in it is a secret. */
export type Step = { because: string; target: string } & (
  | { kind: "create-registration"; roles: AppRole[]; scopes: Scope[] }
  | { kind: "update-registration"; changes: { appRoles?: object[]; api?: object } }
  | { kind: "set-app-id-uri"; kept: string[] }
  | { kind: "pre-authorize-azure-cli"; kept: ApiRegistration["preAuthorized"]; scopeId: string }
  | { kind: "create-service-principal" }
  | { kind: "require-assignment" }
  | {
      kind: "assign-app-role";
      on: "Microsoft Graph" | "the API";
      resourceId: string | undefined;
      roleId: string;
      principalId: string;
    }
  | { kind: "add-owner"; applicationId: string; ownerId: string }
);

/** What is missing, in the order in which it can be made. `permissions`: those of Microsoft Graph that the identity shall hold. */
export function planPermit(observed: Observed, permissions: readonly string[]): Step[] {
  return [
    ...planApi(observed),
    ...planPermissions(observed, permissions),
    ...observed.callers.flatMap((caller) => planCaller(observed, caller)),
    ...planOwners(observed),
  ];
}

function planApi({ apiName, api }: Observed): Step[] {
  if (apiName === undefined) return [];
  const target = apiName;
  if (!api) {
    const roles = API_ROLES.map((role) => apiRole(apiName, role));
    const scope = apiScope(apiName);
    const because = "it does not exist";
    return [
      { kind: "create-registration", because, target, roles, scopes: [scope] },
      { kind: "set-app-id-uri", because: "it holds the client id, which is known now", target, kept: [] },
      // Graph takes scopes here only that were there before the request.
      { kind: "pre-authorize-azure-cli", because: "people ask tokens with az", target, kept: [], scopeId: scope.id },
      { kind: "create-service-principal", because, target },
    ];
  }
  return [...planRegistration(apiName, api), ...planPrincipal(apiName, api)];
}

function planRegistration(target: string, api: ApiRegistration): Step[] {
  const steps: Step[] = [];
  const roles = API_ROLES.filter((role) => !api.appRoles.some(({ value }) => value === role));
  const scope = api.scopes.find(({ value }) => value === API_SCOPE);
  const scopes = scope ? [] : [apiScope(target)];
  const lacks = [...roles, ...scopes.map(({ value }) => value), ...(api.tokenVersion === 2 ? [] : ["v2 tokens"])];
  if (lacks.length > 0) {
    const changes = {
      ...(roles.length > 0 ? { appRoles: [...api.appRoles, ...roles.map((role) => apiRole(target, role))] } : {}),
      api: { requestedAccessTokenVersion: 2, oauth2PermissionScopes: [...api.scopes, ...scopes] },
    };
    steps.push({ kind: "update-registration", because: `it lacks ${lacks.join(", ")}`, target, changes });
  }
  if (!api.identifierUris.includes(`api://${api.clientId}`)) {
    const because = `api://${api.clientId} is not among its App ID URIs`;
    steps.push({ kind: "set-app-id-uri", because, target, kept: api.identifierUris });
  }
  const scopeId = scope?.id ?? apiScope(target).id;
  const cli = api.preAuthorized.find(({ appId }) => appId === AZURE_CLI);
  if (!cli?.delegatedPermissionIds.includes(scopeId)) {
    steps.push({
      kind: "pre-authorize-azure-cli",
      because: "people ask tokens with az",
      target,
      kept: api.preAuthorized,
      scopeId,
    });
  }
  return steps;
}

function planPrincipal(target: string, { principal }: ApiRegistration): Step[] {
  if (!principal) return [{ kind: "create-service-principal", because: "it does not exist", target }];
  if (principal.requiresAssignment) return [];
  const because = "Entra issues tokens for it to whoever asks";
  return [{ kind: "require-assignment", because, target }];
}

function planPermissions({ identity, graph }: Observed, permissions: readonly string[]): Step[] {
  if (!identity) return [];
  return permissions.flatMap((permission): Step[] => {
    const roleId = graph.roleIds[permission] ?? "";
    if (holds(identity, graph.objectId, roleId)) return [];
    return [
      {
        kind: "assign-app-role",
        because: "the identity of the app lacks it",
        target: `${permission} of Microsoft Graph to ${identity.name}`,
        on: "Microsoft Graph",
        resourceId: graph.objectId,
        roleId,
        principalId: identity.objectId,
      },
    ];
  });
}

function planCaller({ api, apiName = "" }: Observed, { principal, role }: Observed["callers"][number]): Step[] {
  const roleId = api?.appRoles.find(({ value }) => value === role)?.id ?? apiRole(apiName, role).id;
  const resourceId = api?.principal?.objectId;
  if (resourceId && holds(principal, resourceId, roleId)) return [];
  const target = `${role} of ${apiName} to ${principal.name}`;
  const because = "it may not call the app";
  return [
    { kind: "assign-app-role", because, target, on: "the API", resourceId, roleId, principalId: principal.objectId },
  ];
}

function planOwners({ identity, adopted }: Observed): Step[] {
  if (!identity) return [];
  return adopted
    .filter(({ owners }) => !owners.includes(identity.objectId))
    .map(({ objectId, name }) => ({
      kind: "add-owner",
      because: "the app may only change registrations that its identity owns",
      target: `${identity.name} of ${name}`,
      applicationId: objectId,
      ownerId: identity.objectId,
    }));
}

function holds({ assigned }: Principal, resourceId: string, appRoleId: string): boolean {
  return assigned.some((one) => one.resourceId === resourceId && one.appRoleId === appRoleId);
}
