/** The delegated scope, for people and tools that sign in for somebody. */
export const SCOPE_VALUE = "Metadata.Access";
/** The application role, for ingestion, which signs in as itself. */
export const ROLE_VALUE = "Ingestion.Run";

/** Microsoft Graph's delegated permissions that signing in needs; the ids are the same in every tenant. */
export const GRAPH_APP_ID = "00000003-0000-0000-c000-000000000000";
export const GRAPH_SCOPES = {
  openid: "37f7f235-527c-4136-accd-4a02d197296e",
  profile: "14dad69e-099b-42c9-810b-d002981feec1",
  email: "64a6cdd6-aab1-4aaf-94b8-3cc8405e90d0",
  offline_access: "7427e0e9-2fba-42fe-b0c0-848c9e6a8182",
  "User.Read": "e1fe6dd8-ba31-4d61-89e7-88639da4683d",
} as const;
