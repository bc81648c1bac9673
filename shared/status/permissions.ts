import { grantCommand, type Permission } from "../registration/grant-command.ts";

/** What each Graph application permission of the app's identity is for. */
const PURPOSES: Record<Permission, string> = {
  "Application.ReadWrite.OwnedBy": "provisioning and rotation",
  "DelegatedPermissionGrant.ReadWrite.All": "POST /api/consent (delegated grants); a person can consent instead",
  "AppRoleAssignment.ReadWrite.All": "POST /api/consent (app role of ingestion); a person can consent instead",
  "Application.Read.All": "POST /api/consent (app role of ingestion); a person can consent instead",
  "Policy.Read.All": "reading the tenant's limits for client secrets before one is issued",
};

/** `Application.ReadWrite.All` covers what OwnedBy does, and more than anyone should give. */
const COVERED_BY: Partial<Record<string, string>> = {
  "Application.ReadWrite.OwnedBy": "Application.ReadWrite.All",
};

/** Which Graph permissions the app's token carries; of those that it lacks what they would be for, and how to grant them. */
export function judgePermissions(
  { objectId, graphPermissions: held }: { objectId: string; graphPermissions: readonly string[] },
  graphUrl: string,
) {
  const permissions = Object.keys(PURPOSES) as Permission[];
  const missing = permissions
    .filter((permission) => !held.includes(permission) && !held.includes(COVERED_BY[permission] ?? permission))
    .map((permission) => ({
      permission,
      neededFor: PURPOSES[permission],
      command: grantCommand(objectId, permission, graphUrl),
    }));
  return { held: [...held], missing };
}
