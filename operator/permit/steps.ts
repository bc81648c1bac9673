import type { ApiRole, AppRole, Scope } from "./api-registration.ts";

/** A service principal, with the app roles that it was assigned. */
export interface Principal {
  objectId: string;
  name: string;
  assigned: { resourceId: string; appRoleId: string }[];
}

/** The registration that callers ask tokens for, as far as it matters here. */
export interface ApiRegistration {
  objectId: string;
  clientId: string;
  identifierUris: string[];
  tokenVersion: number | null;
  appRoles: { id: string; value: string | null }[];
  scopes: { id: string; value: string | null }[];
  preAuthorized: { appId: string; delegatedPermissionIds: string[] }[];
  principal: { objectId: string; requiresAssignment: boolean } | undefined;
}

export interface Observed {
  /** Name of the API's registration, also while there is none; undefined: none is asked for. */
  apiName: string | undefined;
  api: ApiRegistration | undefined;
  /** Microsoft Graph's service principal and the ids of its application permissions. */
  graph: { objectId: string; roleIds: Record<string, string> };
  identity: Principal | undefined;
  callers: { principal: Principal; role: ApiRole }[];
  adopted: { objectId: string; name: string; owners: string[] }[];
}

/** One change in Entra. `because` and `target` are for people; nothing in it is a secret. */
export type Step = { because: string; target: string } & (
  | { kind: "create-registration"; roles: AppRole[]; scopes: Scope[] }
  | { kind: "update-registration"; changes: { appRoles?: object[]; api?: object } }
  | { kind: "set-app-id-uri"; kept: string[] }
  | { kind: "pre-authorize-azure-cli"; kept: ApiRegistration["preAuthorized"]; scopeId: string }
  | { kind: "create-service-principal" }
  | { kind: "require-assignment" }
  | {
      kind: "assign-app-role";
      on: "Microsoft Graph" | "the API";
      resourceId: string | undefined;
      roleId: string;
      principalId: string;
    }
  | { kind: "add-owner"; applicationId: string; ownerId: string }
);
