import { randomBytes } from "node:crypto";
import { timeText } from "./time-text.ts";

/** An app role given to a service principal: an application permission with consent. */
export interface AppRoleAssignment {
  id: string;
  createdDateTime: string;
  appRoleId: string;
  /** Object id of the client's service principal. */
  principalId: string;
  /** Object id of the service principal that exposes the role. */
  resourceId: string;
}

/** Delegated permissions with consent; `scope` is a list with spaces. Ids are object ids of service principals. */
export interface PermissionGrant {
  id: string;
  clientId: string;
  consentType: "AllPrincipals" | "Principal";
  principalId: string | null;
  resourceId: string;
  scope: string;
}

/** Stands for "assigned, with no role in particular" (Microsoft Learn: "appRoleAssignment resource type"). */
export const DEFAULT_ACCESS = "00000000-0000-0000-0000-000000000000";

export function newAssignment(given: Omit<AppRoleAssignment, "id" | "createdDateTime">, on: Date): AppRoleAssignment {
  return { id: opaqueId(), createdDateTime: timeText(on), ...given };
}

export function newGrant(given: Omit<PermissionGrant, "id">): PermissionGrant {
  return { id: opaqueId(), ...given };
}

/** These two kinds have no GUID for an id but 43 characters of base64url. */
function opaqueId(): string {
  return randomBytes(32).toString("base64url");
}
