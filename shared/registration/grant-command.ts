import { GRAPH_APP_ID } from "./permissions.ts";

/**
 * The application permissions of Microsoft Graph that the app can use, by the ids that they have in every tenant
 * (Microsoft Learn: "Microsoft Graph permissions reference").
 */
export const PERMISSION_IDS = {
  "Application.ReadWrite.OwnedBy": "18a4783c-866b-4cc7-a460-3d5e5662c884",
  "DelegatedPermissionGrant.ReadWrite.All": "8e8e4742-1d95-4f68-9d56-6ee75648c72a",
  "AppRoleAssignment.ReadWrite.All": "06b708a9-e830-4db3-a914-8e69da51d44f",
  "Application.Read.All": "9a5d68dd-52b0-4cc2-bd40-abcf44ac3a30",
  "Policy.Read.All": "246dd0d5-5bd0-4def-940b-0421030a5b68",
} as const;

export type Permission = keyof typeof PERMISSION_IDS;

/** A line for a shell that is signed in as a Privileged Role Administrator. `principalId` is the identity's object id, `graphUrl` Microsoft Graph's address in this cloud. */
export function grantCommand(principalId: string, permission: Permission, graphUrl: string): string {
  const graph = `$(az ad sp show --id ${GRAPH_APP_ID} --query id --output tsv)`;
  const url = `${graphUrl}/v1.0/servicePrincipals/${principalId}/appRoleAssignments`;
  const body = `{\\"principalId\\":\\"${principalId}\\",\\"resourceId\\":\\"${graph}\\",\\"appRoleId\\":\\"${PERMISSION_IDS[permission]}\\"}`;
  return `az rest --method POST --url "${url}" --body "${body}"`;
}
