import { DetailedError, StalledError } from "../errors.ts";
import type { Step } from "./consent-plan.ts";
import type { Identity } from "./ports.ts";

/**
 * The Graph application permissions that a step needs, with their ids. Microsoft Learn: "Create oAuth2PermissionGrant",
 * "Grant an appRoleAssignment for a service principal", "Microsoft Graph permissions reference".
 */
const NEEDED: Record<Step["kind"], Record<string, string>> = {
  "grant-scopes": { "DelegatedPermissionGrant.ReadWrite.All": "8e8e4742-1d95-4f68-9d56-6ee75648c72a" },
  "assign-app-role": {
    "AppRoleAssignment.ReadWrite.All": "06b708a9-e830-4db3-a914-8e69da51d44f",
    "Application.Read.All": "9a5d68dd-52b0-4cc2-bd40-abcf44ac3a30",
  },
};

/** For whom consent was to be granted. */
export interface Subject {
  desired: { serverName: string; ingestionName: string };
  serverAppId: string;
  ingestionAppId: string;
  graphAppId: string;
  authority: string;
}

/** Names the permissions that the identity lacks for these kinds of step, and both ways out. */
export function consentRefused(
  { objectId, graphPermissions }: Identity,
  subject: Subject,
  kinds: readonly Step["kind"][],
): DetailedError {
  const needed = Object.entries(Object.assign({}, ...kinds.map((kind) => NEEDED[kind])) as Record<string, string>);
  const lacking = needed.filter(([permission]) => !graphPermissions.includes(permission));
  // A token may be older than a permission that was taken away: then all of them are named.
  const named = lacking.length > 0 ? lacking : needed;
  const permissions = named.map(([permission]) => permission);
  const adminConsentUrls = [subject.serverAppId, subject.ingestionAppId].map(
    (clientId) => `${subject.authority}/adminconsent?client_id=${clientId}`,
  );
  const commands = named.map(([, appRoleId]) => grantCommand(objectId, subject.graphAppId, appRoleId));
  const stalled = new StalledError(
    `Cannot grant admin consent for "${subject.desired.serverName}" and "${subject.desired.ingestionName}": the app's identity lacks ${permissions.join(" and ")}`,
    `Let an administrator open ${adminConsentUrls.join(" and ")}, or give the identity what it lacks: ${commands.join(" ; ")}`,
  );
  return new DetailedError(stalled, { permissions, adminConsentUrls });
}

/** A line for a shell that is signed in as a Privileged Role Administrator. */
function grantCommand(principalId: string, graphAppId: string, appRoleId: string): string {
  const graph = `$(az ad sp show --id ${graphAppId} --query id --output tsv)`;
  const url = `https://graph.microsoft.com/v1.0/servicePrincipals/${principalId}/appRoleAssignments`;
  const body = `{\\"principalId\\":\\"${principalId}\\",\\"resourceId\\":\\"${graph}\\",\\"appRoleId\\":\\"${appRoleId}\\"}`;
  return `az rest --method POST --url "${url}" --body "${body}"`;
}
