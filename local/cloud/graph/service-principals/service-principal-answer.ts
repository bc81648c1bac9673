import type { Directory } from "../../directory/create-directory.ts";
import { exposedBy, type ServicePrincipal } from "../../directory/service-principal.ts";
import { applicationWithAppId } from "../../directory/state.ts";
import { passwordAnswer } from "../applications/application-answer.ts";

/** Microsoft's own tenant, to which its services belong. */
const MICROSOFT_TENANT = "f8cdef31-a31e-4b4a-93e4-5f571e91255a";

/** A service principal as Graph's readers see it: every property of the type, those not modelled with their defaults. */
export function servicePrincipalAnswer(principal: ServicePrincipal, directory: Directory): object {
  const { id, appId, accountEnabled, appRoleAssignmentRequired, description, notes, tags, type } = principal;
  const application = applicationWithAppId(directory.state, appId, directory.delayOfReads());
  const exposed = exposedBy(principal, application);
  const isMicrosofts = principal.own !== null && type === "Application";
  return {
    id,
    deletedDateTime: null,
    accountEnabled,
    addIns: [],
    alternativeNames: [],
    appDescription: application?.description ?? null,
    appDisplayName: application?.displayName ?? exposed.displayName,
    appId,
    applicationTemplateId: null,
    appOwnerOrganizationId: isMicrosofts ? MICROSOFT_TENANT : directory.tenantId,
    appRoleAssignmentRequired,
    appRoles: exposed.appRoles.map((role) => ({ ...role, origin: "Application" })),
    createdByAppId: principal.createdByAppId,
    description,
    disabledByMicrosoftStatus: null,
    displayName: exposed.displayName,
    homepage: application?.web.homePageUrl ?? null,
    info: application ? { ...application.info, logoUrl: null } : null,
    isDisabled: null,
    keyCredentials: [],
    loginUrl: null,
    logoutUrl: application?.web.logoutUrl ?? null,
    notes,
    notificationEmailAddresses: [],
    oauth2PermissionScopes: exposed.scopes,
    passwordCredentials: principal.secrets.map(passwordAnswer),
    preferredSingleSignOnMode: null,
    preferredTokenSigningKeyThumbprint: null,
    replyUrls: [...(application?.web.redirectUris ?? []), ...(application?.spa.redirectUris ?? [])],
    resourceSpecificApplicationPermissions: [],
    samlSingleSignOnSettings: null,
    servicePrincipalNames: exposed.names,
    servicePrincipalType: type,
    signInAudience: application?.signInAudience ?? (isMicrosofts ? "AzureADMultipleOrgs" : null),
    tags,
    tokenEncryptionKeyId: null,
    verifiedPublisher: { displayName: null, verifiedPublisherId: null, addedDateTime: null },
  };
}
