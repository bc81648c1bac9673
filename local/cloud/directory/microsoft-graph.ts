import type { AppRole, PermissionScope } from "./application.ts";
import { newServicePrincipal, type ServicePrincipal } from "./service-principal.ts";

/** The application id of Microsoft Graph, the same in every tenant. */
export const GRAPH_APP_ID = "00000003-0000-0000-c000-000000000000";

/** Application permissions of Graph by name (Microsoft Learn: "Microsoft Graph permissions reference"). */
const APP_ROLES = {
  "Application.Read.All": "9a5d68dd-52b0-4cc2-bd40-abcf44ac3a30",
  "Application.ReadWrite.All": "1bfefb4e-e0b5-418b-a88f-73c46d2cc8e9",
  "Application.ReadWrite.OwnedBy": "18a4783c-866b-4cc7-a460-3d5e5662c884",
  "AppRoleAssignment.ReadWrite.All": "06b708a9-e830-4db3-a914-8e69da51d44f",
  "DelegatedPermissionGrant.ReadWrite.All": "8e8e4742-1d95-4f68-9d56-6ee75648c72a",
  "Directory.Read.All": "7ab1d382-f21e-4acd-a863-ba3e13f7da61",
  "Directory.ReadWrite.All": "19dbc75e-c2e2-444c-a770-ec69d8559fc7",
  "Policy.Read.All": "246dd0d5-5bd0-4def-940b-0421030a5b68",
  "RoleManagement.ReadWrite.Directory": "9e3f62cf-ca93-4989-b6ce-bf83c28f9fe8",
};

/** Delegated permissions of Graph by name (the same page). */
const SCOPES = {
  openid: "37f7f235-527c-4136-accd-4a02d197296e",
  profile: "14dad69e-099b-42c9-810b-d002981feec1",
  email: "64a6cdd6-aab1-4aaf-94b8-3cc8405e90d0",
  offline_access: "7427e0e9-2fba-42fe-b0c0-848c9e6a8182",
  "User.Read": "e1fe6dd8-ba31-4d61-89e7-88639da4683d",
};

/** Graph's service principal, with those of its permissions that matter here. */
export function microsoftGraph(): ServicePrincipal {
  return {
    ...newServicePrincipal(GRAPH_APP_ID),
    own: {
      displayName: "Microsoft Graph",
      names: [GRAPH_APP_ID, "https://graph.microsoft.com"],
      appRoles: Object.entries(APP_ROLES).map(([value, id]) => role(id, value)),
      scopes: Object.entries(SCOPES).map(([value, id]) => scope(id, value)),
    },
  };
}

function role(id: string, value: string): AppRole {
  return { id, value, displayName: value, description: value, allowedMemberTypes: ["Application"], isEnabled: true };
}

function scope(id: string, value: string): PermissionScope {
  return {
    id,
    value,
    type: "User",
    isEnabled: true,
    adminConsentDisplayName: value,
    adminConsentDescription: value,
    userConsentDisplayName: value,
    userConsentDescription: value,
  };
}
