import { randomUUID } from "node:crypto";
import type { Application, AppRole, PermissionScope } from "./application.ts";
import type { Secret } from "./secret.ts";

/** What a resource exposes to its clients, and the names under which they may ask for it. */
export interface Exposed {
  displayName: string;
  names: string[];
  appRoles: AppRole[];
  scopes: PermissionScope[];
}

/** The appearance of an application in the tenant: what signs in, and what tokens are issued for. */
export interface ServicePrincipal {
  id: string;
  appId: string;
  type: "Application" | "ManagedIdentity";
  accountEnabled: boolean;
  appRoleAssignmentRequired: boolean;
  /** `null` follows the application. */
  displayName: string | null;
  description: string | null;
  notes: string | null;
  tags: string[];
  owners: string[];
  /** The application that created it; `null` for what a person or Microsoft made. */
  createdByAppId: string | null;
  secrets: Secret[];
  /** By `<set>_<attribute>`: policies exempt actors by them. */
  customSecurityAttributes: Record<string, string>;
  /** Of one whose application lives elsewhere (Microsoft's own, a managed identity); otherwise the application says. */
  own: Exposed | null;
}

export function newServicePrincipal(appId: string, owners: string[] = []): ServicePrincipal {
  return {
    id: randomUUID(),
    appId,
    type: "Application",
    accountEnabled: true,
    appRoleAssignmentRequired: false,
    displayName: null,
    description: null,
    notes: null,
    tags: [],
    owners,
    createdByAppId: null,
    secrets: [],
    customSecurityAttributes: {},
    own: null,
  };
}

/** What the service principal exposes, given the application behind it as far as it is known. */
export function exposedBy(principal: ServicePrincipal, application: Application | undefined): Exposed {
  const exposed = principal.own ?? {
    displayName: application?.displayName ?? "",
    names: [principal.appId, ...(application?.identifierUris ?? [])],
    appRoles: application?.appRoles ?? [],
    scopes: application?.api.oauth2PermissionScopes ?? [],
  };
  return { ...exposed, displayName: principal.displayName ?? exposed.displayName };
}
