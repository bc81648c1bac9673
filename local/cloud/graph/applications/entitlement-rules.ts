import type { Application, AppRole, PermissionScope } from "../../directory/application.ts";
import { badRequest, refuse } from "../refusal.ts";

type Entitlement = AppRole | PermissionScope;

/** Throws what Graph says against the scopes and roles of an application becoming so. */
export function checkEntitlements(before: Application, after: Application): void {
  const roles = after.appRoles;
  const scopes = after.api.oauth2PermissionScopes;
  // Ids are unique among both, values among each (that a role may share a scope's value is unverified).
  requireDistinct([...roles, ...scopes].map(({ id }) => id.toLowerCase()));
  requireDistinct(roles.flatMap(({ value }) => value ?? []));
  requireDistinct(scopes.flatMap(({ value }) => value ?? []));
  checkEnabledStay(before.appRoles, roles);
  checkEnabledStay(before.api.oauth2PermissionScopes, scopes);
}

/** What is enabled must first be disabled, by a request of its own, before it may go or change its value. */
function checkEnabledStay(before: Entitlement[], after: Entitlement[]): void {
  for (const old of before.filter(({ isEnabled }) => isEnabled)) {
    const same = after.find(({ id }) => id.toLowerCase() === old.id.toLowerCase());
    if (same?.value === old.value) continue;
    throw refuse(
      400,
      "CannotDeleteOrUpdateEnabledEntitlement",
      "Permission (scope or role) cannot be deleted or updated unless disabled first.",
    );
  }
}

/**
 * An update pre-authorizes clients for scopes only that were there before it: microsoftgraph/microsoft-graph-docs #20177
 * and #12675, msgraph-sdk-dotnet #2044.
 */
export function checkPreAuthorized(before: Application, after: Application): void {
  const known = before.api.oauth2PermissionScopes.map(({ id }) => id);
  const granted = after.api.preAuthorizedApplications.flatMap((one) => one.delegatedPermissionIds);
  if (granted.every((id) => known.includes(id))) return;
  throw refuse(
    400,
    "InvalidValue",
    "Property api.preAuthorizedApplications.delegatedPermissionIds has a Permission Id that cannot be found in the AppPermissions sets.",
  );
}

function requireDistinct(values: string[]): void {
  if (new Set(values).size < values.length) throw badRequest("Request contains a property with duplicate values.");
}
