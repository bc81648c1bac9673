/** A delegated scope, or an app role: both have an id, and a value by which they are found. */
export interface Scope {
  id: string;
  value?: string | null | undefined;
  isEnabled?: boolean | null | undefined;
  [property: string]: unknown;
}

/** What an application asks for on another one. */
export interface ResourceAccess {
  resourceAppId: string;
  resourceAccess: { id: string; type: string }[];
}

/** A claim that tokens hold only on request. */
export interface Claim {
  name: string;
  [property: string]: unknown;
}

interface OptionalClaims {
  idToken: Claim[];
  accessToken: Claim[];
  saml2Token: Claim[];
}

interface ImplicitGrant {
  enableAccessTokenIssuance?: boolean | null | undefined;
  enableIdTokenIssuance?: boolean | null | undefined;
}

/** An application as Graph describes it, with empty lists where it says nothing. */
export interface Application {
  id: string;
  appId: string;
  /** Client id of the application that made it, where Entra says so. */
  createdByAppId?: string | null | undefined;
  signInAudience?: string | null | undefined;
  serviceManagementReference?: string | null | undefined;
  identifierUris: string[];
  spa: { redirectUris: string[] };
  web: {
    redirectUris: string[];
    implicitGrantSettings?: ImplicitGrant | null | undefined;
  };
  api: { requestedAccessTokenVersion?: number | null | undefined; oauth2PermissionScopes: Scope[] };
  appRoles: Scope[];
  requiredResourceAccess: ResourceAccess[];
  optionalClaims: OptionalClaims;
}

/** What to write to an application, in Graph's words. */
export interface Changes {
  signInAudience?: string;
  serviceManagementReference?: string;
  identifierUris?: string[];
  spa?: { redirectUris: string[] };
  web?: { redirectUris?: string[]; implicitGrantSettings?: ImplicitGrant };
  api?: { requestedAccessTokenVersion?: number; oauth2PermissionScopes?: Scope[] };
  appRoles?: Scope[];
  requiredResourceAccess?: ResourceAccess[];
  optionalClaims?: OptionalClaims;
}

/** What a registration ought to have; it may have more. */
export interface Desired {
  uniqueName: string;
  /** Made by hand, and named in the settings by its client id. */
  adopted: boolean;
  /** Tokens are asked for it, so that it needs an App ID URI. */
  isResource: boolean;
  /** Undefined where the tenant demands none. */
  serviceReference: string | undefined;
  platform: "spa" | "web";
  redirectUris: string[];
  /** Tokens handed out by the authorization endpoint itself; undefined leaves the setting alone. */
  implicitIssuance: boolean | undefined;
  scopes: (Scope & { value: string })[];
  appRoles: (Scope & { value: string })[];
  requires: ResourceAccess[];
  claims: { idToken: Claim[]; accessToken: Claim[] };
}
