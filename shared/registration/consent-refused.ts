import { StalledError } from "../errors.ts";
import type { Step } from "./consent-plan.ts";
import { grantCommand, type Permission } from "./grant-command.ts";
import type { Identity } from "./ports.ts";

/**
 * The Graph application permissions that a step needs. Microsoft Learn: "Create oAuth2PermissionGrant", "Grant an
 * appRoleAssignment for a service principal".
 */
const NEEDED: Record<Step["kind"], Permission[]> = {
  "grant-scopes": ["DelegatedPermissionGrant.ReadWrite.All"],
  "assign-app-role": ["AppRoleAssignment.ReadWrite.All", "Application.Read.All"],
};

/** For whom consent was to be granted. */
export interface Subject {
  desired: { serverName: string; ingestionName: string };
  serverAppId: string;
  ingestionAppId: string;
  /** Microsoft Graph's address in this cloud. */
  graphUrl: string;
  authority: string;
}

/**
 * Names the permissions that the identity lacks for these kinds of step, and both ways out: a person consents, or gives
 * the identity what it lacks.
 */
export function consentRefused(
  { objectId, graphPermissions }: Identity,
  subject: Subject,
  kinds: readonly Step["kind"][],
): StalledError {
  const needed = kinds.flatMap((kind) => NEEDED[kind]);
  const lacking = needed.filter((permission) => !graphPermissions.includes(permission));
  // A token may be older than a permission that was taken away: then all of them are named.
  const permissions = lacking.length > 0 ? lacking : needed;
  const adminConsentUrls = [`${subject.authority}/adminconsent?client_id=${subject.serverAppId}`];
  const commands = permissions.map((permission) => grantCommand(objectId, permission, subject.graphUrl));
  return new StalledError(
    "consent-forbidden",
    `Cannot grant admin consent for "${subject.desired.serverName}" and "${subject.desired.ingestionName}": the app's identity lacks ${permissions.join(" and ")}`,
    {
      hint: `${byPerson(subject, adminConsentUrls)}\nOr let an administrator grant the identity what it lacks:\n${commands.join("\n")}`,
      permissions,
      adminConsentUrls,
    },
  );
}

/**
 * The link ends at a redirect URI. Ingestion's registration has none: its link would end in AADSTS500113 (Microsoft Learn:
 * "Grant tenant-wide admin consent to an application").
 */
function byPerson({ desired, ingestionAppId }: Subject, links: readonly string[]): string {
  return `Ask an administrator to consent. For "${desired.serverName}", by this link; after Accept the browser shows OpenMetadata, possibly with an error message, which you can ignore:
${links.join("\n")}
For "${desired.ingestionName}" by this command, which prints nothing, or by App registrations > ${desired.ingestionName} > API permissions > Grant admin consent:
az ad app permission admin-consent --id ${ingestionAppId}`;
}
