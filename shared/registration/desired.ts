import { v5 as uuidV5 } from "uuid";
import { redirectUrisOf } from "../deployment/addresses.ts";
import { uniqueNames } from "../deployment/registration-names.ts";
import type { Application, Claim, Desired, ResourceAccess, Scope } from "./application.ts";
import { GRAPH_APP_ID, GRAPH_SCOPES, ROLE_VALUE, SCOPE_VALUE } from "./permissions.ts";

/** What the registrations of one deployment are derived from. */
export interface Intent {
  tenantId: string;
  name: string;
  openMetadataUrl: string;
  signInFlow: "implicit" | "auth-code";
  extraRedirectUris: string[];
  /** The service that every application of the tenant must name. */
  serviceManagementReference?: string | undefined;
  /** Client ids of registrations that were made by hand and are to be adopted. */
  serverClientId?: string | undefined;
  ingestionClientId?: string | undefined;
}

/** What ingestion is given on the server registration. */
export interface ServerAccess {
  appId: string;
  scopeId: string;
  roleId: string;
}

/** OpenMetadata finds people by their e-mail, which Entra puts into tokens only on request. */
const EMAIL: Claim = { name: "email", essential: false, additionalProperties: [] };
/** Tells tokens of applications from those of people. Microsoft Learn: "Optional claims reference". */
const IDTYP: Claim = { name: "idtyp", essential: false, additionalProperties: [] };

/** The registration that people sign in to. */
export function desiredServer(intent: Intent): Desired {
  const uniqueName = uniqueNames(intent).server;
  const implicit = intent.signInFlow === "implicit";
  return {
    uniqueName,
    adopted: intent.serverClientId !== undefined,
    isResource: true,
    serviceReference: intent.serviceManagementReference,
    platform: implicit ? "spa" : "web",
    redirectUris: redirectUrisOf(intent),
    implicitIssuance: implicit,
    scopes: [scope(stableId(intent.tenantId, uniqueName, SCOPE_VALUE))],
    appRoles: [role(stableId(intent.tenantId, uniqueName, ROLE_VALUE))],
    requires: [
      {
        resourceAppId: GRAPH_APP_ID,
        resourceAccess: Object.values(GRAPH_SCOPES).map((id) => ({ id, type: "Scope" })),
      },
    ],
    claims: { idToken: [EMAIL], accessToken: [EMAIL, IDTYP] },
  };
}

/** The registration as which ingestion signs in; `server` is undefined while that does not exist yet. */
export function desiredIngestion(intent: Intent, server: ServerAccess | undefined): Desired {
  const requires: ResourceAccess[] = server
    ? [
        {
          resourceAppId: server.appId,
          resourceAccess: [
            { id: server.scopeId, type: "Scope" },
            { id: server.roleId, type: "Role" },
          ],
        },
      ]
    : [];
  return {
    uniqueName: uniqueNames(intent).ingestion,
    adopted: intent.ingestionClientId !== undefined,
    // OpenMetadata's guides give it an App ID URI too; ingestion asks for tokens for the server.
    isResource: false,
    serviceReference: intent.serviceManagementReference,
    platform: "web",
    redirectUris: [],
    implicitIssuance: undefined,
    scopes: [],
    appRoles: [],
    requires,
    claims: { idToken: [], accessToken: [] },
  };
}

/** The ids of scope and role as they are there, which for a registration made by hand are not ours. Pure. */
export function accessTo(
  desired: Desired,
  clientId: string | undefined,
  application: Application | undefined,
): ServerAccess | undefined {
  const idOf = (found: { id: string; value?: string | null | undefined }[], value: string): string | undefined =>
    found.find((one) => one.value === value)?.id;
  const scopeId = idOf(application?.api.oauth2PermissionScopes ?? [], SCOPE_VALUE) ?? idOf(desired.scopes, SCOPE_VALUE);
  const roleId = idOf(application?.appRoles ?? [], ROLE_VALUE) ?? idOf(desired.appRoles, ROLE_VALUE);
  return clientId && scopeId && roleId ? { appId: clientId, scopeId, roleId } : undefined;
}

/** The same in every run, so that a crash between two of them cannot make a second one. */
function stableId(tenantId: string, uniqueName: string, value: string): string {
  return uuidV5(`${uniqueName}/${value}`, tenantId);
}

function scope(id: string): Scope & { value: string } {
  return {
    id,
    value: SCOPE_VALUE,
    type: "User",
    isEnabled: true,
    adminConsentDisplayName: "Access OpenMetadata",
    adminConsentDescription: "Allows the application to access OpenMetadata as the signed-in user.",
    userConsentDisplayName: "Access OpenMetadata",
    userConsentDescription: "Allows the application to access OpenMetadata as you.",
  };
}

function role(id: string): Scope & { value: string } {
  return {
    id,
    value: ROLE_VALUE,
    isEnabled: true,
    displayName: "Run ingestion",
    description: "Ingestion may write metadata to OpenMetadata.",
    allowedMemberTypes: ["Application"],
  };
}
