import { z } from "zod";
import type { BodyRules } from "../request-body.ts";

/** Strict, all optional: what may be changed of a service principal, as far as it is modelled. */
export const servicePrincipalChange = z
  .strictObject({
    accountEnabled: z.boolean(),
    appRoleAssignmentRequired: z.boolean(),
    displayName: z.string().min(1).max(256),
    description: z.string().max(1024).nullable(),
    notes: z.string().max(1024).nullable(),
    tags: z.array(z.string()),
  })
  .partial();

export type ServicePrincipalChange = z.infer<typeof servicePrincipalChange>;

const RULES = {
  resource: "ServicePrincipal",
  readOnly: [
    "id",
    "appDescription",
    "appDisplayName",
    "applicationTemplateId",
    "appOwnerOrganizationId",
    "createdByAppId",
    "deletedDateTime",
    "disabledByMicrosoftStatus",
    "info",
    "servicePrincipalType",
    "signInAudience",
  ],
  notModelled: {
    addIns: [],
    alternativeNames: [],
    appRoles: [],
    customSecurityAttributes: null,
    homepage: null,
    isDisabled: null,
    keyCredentials: [],
    loginUrl: null,
    logoutUrl: null,
    notificationEmailAddresses: [],
    oauth2PermissionScopes: [],
    passwordCredentials: [],
    preferredSingleSignOnMode: null,
    preferredTokenSigningKeyThumbprint: null,
    replyUrls: [],
    resourceSpecificApplicationPermissions: [],
    samlSingleSignOnSettings: null,
    servicePrincipalNames: [],
    tokenEncryptionKeyId: null,
    verifiedPublisher: null,
  },
};

export const SERVICE_PRINCIPAL_CHANGE: BodyRules<ServicePrincipalChange> = {
  ...RULES,
  schema: servicePrincipalChange,
  readOnly: [...RULES.readOnly, "appId"],
};

export const SERVICE_PRINCIPAL_CREATION: BodyRules<ServicePrincipalChange & { appId: string }> = {
  ...RULES,
  schema: servicePrincipalChange.extend({ appId: z.guid() }),
};
