import { z } from "zod";

const text = z.string().nullable();
const texts = z.array(z.string());
/** What the value of a scope or role may consist of (Microsoft Learn: "permissionScope resource type"). */
const permissionValue = z
  .string()
  .regex(/^[!#$%&'()*+,\-/:;=?@[\]^_{}~0-9A-Za-z][!#$%&'()*+,\-./:;=?@[\]^_{}~0-9A-Za-z]{0,119}$/);

const permissionScope = z.strictObject({
  id: z.guid(),
  value: permissionValue,
  type: z.enum(["User", "Admin"]).default("User"),
  isEnabled: z.boolean().default(true),
  adminConsentDisplayName: z.string().min(1),
  adminConsentDescription: z.string().min(1),
  userConsentDisplayName: text.default(null),
  userConsentDescription: text.default(null),
});

/**
 * `origin`, which answers carry, "must not be included" in a request (Microsoft Learn: "appRole resource type"), yet
 * CLI for Microsoft 365 sends roles back as it read them, and is not refused: it counts for nothing.
 */
const appRole = z
  .strictObject({
    id: z.guid(),
    value: permissionValue.nullable().default(null),
    displayName: z.string().min(1),
    description: z.string().min(1),
    allowedMemberTypes: z.array(z.enum(["Application", "User"])).min(1),
    isEnabled: z.boolean().default(true),
    origin: z.literal("Application").nullish(),
  })
  .transform(({ origin: _origin, ...role }) => role);

const optionalClaim = z.strictObject({
  name: z.string().min(1),
  source: text.default(null),
  essential: z.boolean().default(false),
  additionalProperties: texts.default([]),
});

const time = z.iso.datetime({ offset: true }).nullish();

/** A secret as it is asked for. */
export const passwordCredential = z.strictObject({
  displayName: z.string().nullish(),
  startDateTime: time,
  endDateTime: time,
});

const implicitGrantSettings = z.strictObject({
  enableAccessTokenIssuance: z.boolean(),
  enableIdTokenIssuance: z.boolean(),
});

/** Strict, all optional: what may be changed of an application, as far as it is modelled. */
export const applicationChange = z
  .strictObject({
    displayName: z.string().min(1).max(256),
    description: z.string().max(1024).nullable(),
    notes: z.string().max(1024).nullable(),
    serviceManagementReference: text,
    groupMembershipClaims: text,
    signInAudience: z.enum([
      "AzureADMyOrg",
      "AzureADMultipleOrgs",
      "AzureADandPersonalMicrosoftAccount",
      "PersonalMicrosoftAccount",
    ]),
    isFallbackPublicClient: z.boolean().nullable(),
    tags: texts,
    identifierUris: texts,
    appRoles: z.array(appRole),
    requiredResourceAccess: z
      .array(
        z.strictObject({
          resourceAppId: z.guid(),
          resourceAccess: z.array(z.strictObject({ id: z.guid(), type: z.enum(["Scope", "Role"]) })).max(400),
        }),
      )
      .max(50),
    optionalClaims: z
      .strictObject({
        accessToken: z.array(optionalClaim).default([]),
        idToken: z.array(optionalClaim).default([]),
        saml2Token: z.array(optionalClaim).default([]),
      })
      .nullable(),
    api: z
      .strictObject({
        acceptMappedClaims: z.boolean().nullable(),
        knownClientApplications: z.array(z.guid()),
        oauth2PermissionScopes: z.array(permissionScope),
        preAuthorizedApplications: z.array(
          z.strictObject({ appId: z.guid(), delegatedPermissionIds: z.array(z.guid()) }),
        ),
        requestedAccessTokenVersion: z.union([z.literal(1), z.literal(2), z.null()]),
      })
      .partial()
      .nullable(),
    web: z
      .strictObject({
        homePageUrl: text,
        logoutUrl: text,
        redirectUris: texts,
        implicitGrantSettings: implicitGrantSettings.partial(),
      })
      .partial()
      .nullable(),
    spa: z.strictObject({ redirectUris: texts }).partial().nullable(),
    publicClient: z.strictObject({ redirectUris: texts }).partial().nullable(),
    info: z
      .strictObject({ marketingUrl: text, privacyStatementUrl: text, supportUrl: text, termsOfServiceUrl: text })
      .partial()
      .nullable(),
    // Secrets are added by a request of their own; an empty list is what generated clients send.
    passwordCredentials: z.array(z.never()).max(0),
    "owners@odata.bind": z.array(z.string()).max(20),
  })
  .partial();

export type ApplicationChange = z.infer<typeof applicationChange>;

/** Strict, all optional: what may be said of an application at its creation by `POST`. */
export const applicationCreation = applicationChange.extend({
  passwordCredentials: z.array(passwordCredential.extend({ secretText: z.string().nullish() })).optional(),
});

export type ApplicationCreation = z.infer<typeof applicationCreation>;
