import { apiRole } from "./api-registration.ts";
import { planApi } from "./plan-api.ts";
import type { Observed, Principal, Step } from "./steps.ts";

/** What is missing, in the order in which it can be made. `permissions`: those of Microsoft Graph that the identity shall hold. */
export function planPermit(observed: Observed, permissions: readonly string[]): Step[] {
  return [
    ...planApi(observed),
    ...planPermissions(observed, permissions),
    ...observed.callers.flatMap((caller) => planCaller(observed, caller)),
    ...planOwners(observed),
  ];
}

function planPermissions({ identity, graph }: Observed, permissions: readonly string[]): Step[] {
  if (!identity) return [];
  return permissions.flatMap((permission): Step[] => {
    const roleId = graph.roleIds[permission] ?? "";
    if (holds(identity, graph.objectId, roleId)) return [];
    return [
      {
        kind: "assign-app-role",
        because: "the app's identity lacks it",
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
