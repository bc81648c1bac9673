import type { Permission } from "../../shared/registration/grant-command.ts";

/** Needed for everything: create registrations, and change those that the identity owns. */
export const ALWAYS: Permission[] = ["Application.ReadWrite.OwnedBy"];

/** What POST /api/consent needs beside it. */
export const CONSENT: Permission[] = [
  "DelegatedPermissionGrant.ReadWrite.All",
  "AppRoleAssignment.ReadWrite.All",
  "Application.Read.All",
];

/** Knowing the tenant's limits for client secrets before one is issued. */
export const POLICIES: Permission[] = ["Policy.Read.All"];

/** What the permissions for consent amount to (Microsoft Learn: "Microsoft Graph permissions reference"). */
export const CONSENT_WARNING = `Warning: the holder of AppRoleAssignment.ReadWrite.All can give itself every application permission of Microsoft
Graph, and so make itself Global Administrator; the holder of DelegatedPermissionGrant.ReadWrite.All can consent in the
name of everybody. From then on who can change the app's code or settings is as mighty as an administrator of the tenant.
Without --consent a person consents once by the links that POST /api/consent answers; nothing else is lost.
`;
