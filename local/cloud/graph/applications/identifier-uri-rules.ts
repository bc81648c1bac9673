import type { Application } from "../../directory/application.ts";
import type { Directory } from "../../directory/create-directory.ts";
import type { IdentifierUriRestriction } from "../../directory/policies.ts";
import { badRequest, invalidValue, refuse } from "../refusal.ts";

/**
 * Throws what Graph says against newly added identifier URIs (Microsoft Learn: "Restrictions on identifier URIs of
 * Microsoft Entra applications"). `api://<client id>` always passes.
 */
export function checkIdentifierUris(before: Application, after: Application, directory: Directory): void {
  for (const uri of after.identifierUris.filter((one) => !before.identifierUris.includes(one))) {
    if (!isWellFormed(uri)) throw invalidValue("identifierUris", "Application");
    if (isTaken(uri, after, directory)) {
      throw badRequest("Another object with the same value for property identifierUris already exists.");
    }
    if (uri === `api://${after.appId}`) continue;
    checkDomain(uri, directory);
    checkPolicy(uri, after, directory);
  }
  if (new Set(after.identifierUris).size < after.identifierUris.length) {
    throw badRequest("Request contains a property with duplicate values.");
  }
}

function isWellFormed(uri: string): boolean {
  return URL.canParse(uri) && !uri.endsWith("/") && !/[\s*#?]/.test(uri);
}

function isTaken(uri: string, { id }: Application, { state }: Directory): boolean {
  return state.applications
    .bearing("identifierUri", uri)
    .some((other) => other.id !== id && other.identifierUris.includes(uri));
}

function checkDomain(uri: string, { verifiedDomain }: Directory): void {
  const { protocol, hostname } = new URL(uri);
  if (!/^https?:$/.test(protocol) || isWithin(hostname, verifiedDomain)) return;
  throw refuse(
    400,
    "HostNameNotOnVerifiedDomain",
    `Values of identifierUris property must use a verified domain of the organization or its subdomain: '${uri}'`,
  );
}

function checkPolicy(uri: string, application: Application, directory: Directory): void {
  const { isEnabled, applicationRestrictions } = directory.policies.tenant;
  if (!isEnabled) return;
  const { uriAdditionWithoutUniqueTenantIdentifier, nonDefaultUriAddition } = applicationRestrictions.identifierUris;
  const { tenantId, verifiedDomain } = directory;
  const isUnique = [tenantId, application.appId, verifiedDomain].some((unique) => uri.includes(unique));
  if (applies(uriAdditionWithoutUniqueTenantIdentifier, application) && !isUnique) {
    throw badRequest(
      `Failed to add identifier URI ${uri}. All newly added URIs must contain a tenant verified domain, tenant ID, or app ID, as per the default tenant policy of your organization. See https://aka.ms/identifier-uri-addition-error for more information on this error.`,
    );
  }
  if (applies(nonDefaultUriAddition, application) && uri !== `api://${tenantId}/${application.appId}`) {
    throw badRequest(
      `Failed to add identifier URI ${uri}. All newly added URIs must be of the format 'api://{appId}' or 'api://{tenantId}/{appId}', as per the default tenant policy of your organization.`,
    );
  }
}

function applies(restriction: IdentifierUriRestriction, { api, createdDateTime }: Application): boolean {
  const { state, excludeAppsReceivingV2Tokens, restrictForAppsCreatedAfterDateTime: since } = restriction;
  if (state !== "enabled") return false;
  if (excludeAppsReceivingV2Tokens && api.requestedAccessTokenVersion === 2) return false;
  return since === null || new Date(createdDateTime) > new Date(since);
}

function isWithin(hostname: string, domain: string): boolean {
  return hostname === domain || hostname.endsWith(`.${domain}`);
}
