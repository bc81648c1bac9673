import { API_ROLES, API_SCOPE, AZURE_CLI, apiRole, apiScope } from "./api-registration.ts";
import type { ApiRegistration, Observed, Step } from "./steps.ts";

/** What the registration of the API, and its service principal, lack. */
export function planApi({ apiName, api }: Observed): Step[] {
  if (apiName === undefined) return [];
  const target = apiName;
  if (!api) {
    const roles = API_ROLES.map((role) => apiRole(apiName, role));
    const scope = apiScope(apiName);
    const because = "does not exist";
    return [
      { kind: "create-registration", because, target, roles, scopes: [scope] },
      { kind: "set-app-id-uri", because: "it contains the client ID, which is known now", target, kept: [] },
      // An update may name scopes only that were there before it (microsoftgraph/microsoft-graph-docs #20177).
      { kind: "pre-authorize-azure-cli", because: "people get tokens with az", target, kept: [], scopeId: scope.id },
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
    steps.push({ kind: "update-registration", because: `lacks ${lacks.join(", ")}`, target, changes });
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
      because: "people get tokens with az",
      target,
      kept: api.preAuthorized,
      scopeId,
    });
  }
  return steps;
}

function planPrincipal(target: string, { principal }: ApiRegistration): Step[] {
  if (!principal) return [{ kind: "create-service-principal", because: "does not exist", target }];
  if (principal.requiresAssignment) return [];
  const because = "anybody in the tenant can get tokens for it";
  return [{ kind: "require-assignment", because, target }];
}
