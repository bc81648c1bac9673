/** What each Graph application permission of the app's identity is for. */
const PURPOSES = {
  "Application.ReadWrite.OwnedBy": "provisioning and rotation",
  "DelegatedPermissionGrant.ReadWrite.All": "POST /api/consent (delegated grants); a person can consent instead",
  "AppRoleAssignment.ReadWrite.All": "POST /api/consent (app role of ingestion); a person can consent instead",
  "Application.Read.All": "POST /api/consent (app role of ingestion); a person can consent instead",
  "Policy.Read.All": "knowing the tenant's limits for client secrets before one is issued",
} as const;

/** `Application.ReadWrite.All` covers what OwnedBy does, and more than anyone should give. */
const COVERED_BY: Partial<Record<string, string>> = {
  "Application.ReadWrite.OwnedBy": "Application.ReadWrite.All",
};

/** Which Graph permissions the app's token carries, and what those that it lacks would be for. Pure. */
export function judgePermissions(held: readonly string[]) {
  const missing = Object.entries(PURPOSES)
    .filter(([permission]) => !held.includes(permission) && !held.includes(COVERED_BY[permission] ?? permission))
    .map(([permission, neededFor]) => ({ permission, neededFor }));
  return { held: [...held], missing };
}
