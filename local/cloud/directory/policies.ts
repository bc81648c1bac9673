/** One restriction on secrets (Microsoft Learn: "passwordCredentialConfiguration resource type"). */
export interface PasswordRestriction {
  restrictionType: "passwordAddition" | "passwordLifetime" | "customPasswordAddition";
  state: "enabled" | "disabled";
  /** An ISO 8601 duration, for example `P90D`; of `passwordLifetime` only. */
  maxLifetime: string | null;
  /** Applications created before are free of it; `null` spares none. */
  restrictForAppsCreatedAfterDateTime: string | null;
  /** Whoever has one of these attributes is free of it; absent, or `null`: nobody. */
  excludeActors?: ActorExemptions | null;
}

/** Actors by their custom security attributes (Microsoft Learn: "appManagementPolicyActorExemptions resource type"). */
export interface ActorExemptions {
  customSecurityAttributes: {
    "@odata.type": "#microsoft.graph.customSecurityAttributeStringValueExemption";
    /** `<set>_<attribute>`. */
    id: string;
    operator: "equals";
    value: string;
  }[];
}

/** A restriction on identifier URIs (Microsoft Learn: "identifierUriRestriction resource type"). */
export interface IdentifierUriRestriction {
  state: "enabled" | "disabled";
  excludeAppsReceivingV2Tokens: boolean;
  restrictForAppsCreatedAfterDateTime: string | null;
}

/** Microsoft Learn: "tenantAppManagementPolicy resource type", as far as it concerns secrets and identifier URIs. */
export interface TenantPolicy {
  id: string;
  displayName: string;
  description: string;
  isEnabled: boolean;
  applicationRestrictions: {
    passwordCredentials: PasswordRestriction[];
    keyCredentials: [];
    identifierUris: {
      uriAdditionWithoutUniqueTenantIdentifier: IdentifierUriRestriction;
      nonDefaultUriAddition: IdentifierUriRestriction;
    };
  };
}

/** A policy made for single applications; where it says something about a restriction, the tenant's does not count. */
export interface ApplicationPolicy {
  id: string;
  displayName: string;
  description: string;
  isEnabled: boolean;
  restrictions: { passwordCredentials: PasswordRestriction[]; keyCredentials: [] };
}

/** The policies in force: plain data, to be edited as an administrator would. */
export interface Policies {
  tenant: TenantPolicy;
  /** By object id of the application, which can have one. */
  ofApplication: Map<string, ApplicationPolicy>;
}

/**
 * Secrets unrestricted; identifier URIs restricted as Microsoft has set it in tenants since mid-2025 (Microsoft Learn:
 * "Restrictions on identifier URIs of Microsoft Entra applications").
 */
export function defaultPolicies(): Policies {
  return {
    tenant: {
      id: "00000000-0000-0000-0000-000000000000",
      displayName: "Default app management tenant policy",
      description: "Default tenant policy that enforces app management restrictions on applications.",
      isEnabled: true,
      applicationRestrictions: {
        passwordCredentials: [],
        keyCredentials: [],
        identifierUris: {
          uriAdditionWithoutUniqueTenantIdentifier: identifierUris("enabled"),
          nonDefaultUriAddition: identifierUris("disabled"),
        },
      },
    },
    ofApplication: new Map(),
  };
}

function identifierUris(state: "enabled" | "disabled"): IdentifierUriRestriction {
  return { state, excludeAppsReceivingV2Tokens: true, restrictForAppsCreatedAfterDateTime: null };
}
