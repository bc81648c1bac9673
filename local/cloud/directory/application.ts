import { randomUUID } from "node:crypto";
import type { Secret } from "./secret.ts";
import { timeText } from "./time-text.ts";

/** A delegated permission that the application exposes. */
export interface PermissionScope {
  id: string;
  value: string | null;
  type: "User" | "Admin";
  isEnabled: boolean;
  adminConsentDisplayName: string | null;
  adminConsentDescription: string | null;
  userConsentDisplayName: string | null;
  userConsentDescription: string | null;
}

/** An application permission, or a role for people, that the application exposes. */
export interface AppRole {
  id: string;
  value: string | null;
  displayName: string;
  description: string;
  allowedMemberTypes: ("Application" | "User")[];
  isEnabled: boolean;
}

export interface PreAuthorizedApplication {
  appId: string;
  delegatedPermissionIds: string[];
}

export interface OptionalClaim {
  name: string;
  source: string | null;
  essential: boolean;
  additionalProperties: string[];
}

export interface OptionalClaims {
  accessToken: OptionalClaim[];
  idToken: OptionalClaim[];
  saml2Token: OptionalClaim[];
}

export interface RequiredResourceAccess {
  resourceAppId: string;
  resourceAccess: { id: string; type: "Scope" | "Role" }[];
}

/** Somebody else's tokens with which the application may sign in instead of a secret. */
export interface FederatedIdentityCredential {
  id: string;
  /** Cannot be changed. */
  name: string;
  issuer: string;
  subject: string;
  description: string | null;
  audiences: string[];
}

/**
 * An app registration, named as Graph names its properties (Microsoft Learn: "application resource type"), with what
 * Graph does not show among them: the owners' object ids, the secrets with their values, and what has paths of its own.
 */
export interface Application {
  id: string;
  appId: string;
  uniqueName: string | null;
  createdDateTime: string;
  createdByAppId: string | null;
  displayName: string;
  description: string | null;
  notes: string | null;
  serviceManagementReference: string | null;
  groupMembershipClaims: string | null;
  signInAudience: string;
  isFallbackPublicClient: boolean | null;
  tags: string[];
  identifierUris: string[];
  appRoles: AppRole[];
  requiredResourceAccess: RequiredResourceAccess[];
  optionalClaims: OptionalClaims | null;
  api: {
    acceptMappedClaims: boolean | null;
    knownClientApplications: string[];
    oauth2PermissionScopes: PermissionScope[];
    preAuthorizedApplications: PreAuthorizedApplication[];
    requestedAccessTokenVersion: number | null;
  };
  web: {
    homePageUrl: string | null;
    logoutUrl: string | null;
    redirectUris: string[];
    implicitGrantSettings: { enableAccessTokenIssuance: boolean; enableIdTokenIssuance: boolean };
  };
  spa: { redirectUris: string[] };
  publicClient: { redirectUris: string[] };
  info: Record<"marketingUrl" | "privacyStatementUrl" | "supportUrl" | "termsOfServiceUrl", string | null>;
  owners: string[];
  secrets: Secret[];
  federatedIdentityCredentials: FederatedIdentityCredential[];
}

/** An application that has nothing but a name yet, with the defaults of Graph. */
export function newApplication(displayName: string, createdOn: Date): Application {
  return {
    id: randomUUID(),
    appId: randomUUID(),
    uniqueName: null,
    createdDateTime: timeText(createdOn),
    createdByAppId: null,
    displayName,
    description: null,
    notes: null,
    serviceManagementReference: null,
    groupMembershipClaims: null,
    signInAudience: "AzureADandPersonalMicrosoftAccount",
    isFallbackPublicClient: null,
    tags: [],
    identifierUris: [],
    appRoles: [],
    requiredResourceAccess: [],
    optionalClaims: null,
    api: {
      acceptMappedClaims: null,
      knownClientApplications: [],
      oauth2PermissionScopes: [],
      preAuthorizedApplications: [],
      requestedAccessTokenVersion: null,
    },
    web: {
      homePageUrl: null,
      logoutUrl: null,
      redirectUris: [],
      implicitGrantSettings: { enableAccessTokenIssuance: false, enableIdTokenIssuance: false },
    },
    spa: { redirectUris: [] },
    publicClient: { redirectUris: [] },
    info: { marketingUrl: null, privacyStatementUrl: null, supportUrl: null, termsOfServiceUrl: null },
    owners: [],
    secrets: [],
    federatedIdentityCredentials: [],
  };
}
