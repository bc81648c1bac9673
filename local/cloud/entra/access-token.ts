import { randomBytes } from "node:crypto";
import type { JWTPayload } from "jose";
import type { Directory } from "../directory/create-directory.ts";
import type { Resource } from "../directory/resources.ts";
import { exposedBy, type ServicePrincipal } from "../directory/service-principal.ts";
import { applicationWithAppId } from "../directory/state.ts";
import { refuse } from "./refusal.ts";
import { issuer, writtenOrigin } from "./tenant.ts";

/** Who gets a token for what. */
export interface Issue {
  client: ServicePrincipal;
  resource: Resource;
  /** How the client proved itself: "1" by a secret, "2" by a certificate, as a managed identity does unseen. */
  proof: "1" | "2";
  /** Where Entra is reached. */
  origin: string;
  lifetimeSeconds: number;
}

/**
 * The claims of an app-only access token (Microsoft Learn: "Access token claims reference"). Never among them: `scp`,
 * `email`, `preferred_username`, `upn`. Throws 501051 where the resource wants an assignment that the client lacks.
 */
export function appOnlyClaims(directory: Directory, issue: Issue): JWTPayload {
  const { client, resource, proof, origin, lifetimeSeconds } = issue;
  const now = Math.floor(directory.state.clock.now().getTime() / 1000);
  const iss = issuer(writtenOrigin(origin, directory), directory.tenantId, resource.version);
  const roles = assignedRoles(directory, client, resource);
  const wanted = resource.application?.optionalClaims?.accessToken ?? [];
  return {
    aud: resource.audience,
    iss,
    iat: now,
    nbf: now,
    exp: now + lifetimeSeconds,
    ...(resource.version === 2
      ? { azp: client.appId, azpacr: proof }
      : { appid: client.appId, app_displayname: nameOf(directory, client), appidacr: proof, idp: iss }),
    oid: client.id,
    sub: client.id,
    tid: directory.tenantId,
    ...(roles.length > 0 && { roles }),
    ...(wanted.some(({ name }) => name === "idtyp") && { idtyp: "app" }),
    uti: randomBytes(16).toString("base64url"),
    ver: `${resource.version}.0`,
  };
}

function assignedRoles(directory: Directory, client: ServicePrincipal, resource: Resource): string[] {
  const { principal, application } = resource;
  if (!principal) return [];
  const assigned = directory.state.assignments
    .bearing("resourceId", principal.id)
    .filter(({ principalId }) => principalId === client.id);
  if (principal.appRoleAssignmentRequired && assigned.length === 0) {
    throw refuse(
      501051,
      `Application '${client.appId}'(${nameOf(directory, client)}) is not assigned to a role for the application '${resource.audience}'(${exposedBy(principal, application).displayName}).`,
    );
  }
  const held = new Set(assigned.map(({ appRoleId }) => appRoleId));
  return exposedBy(principal, application).appRoles.flatMap((role) =>
    role.isEnabled && role.value !== null && held.has(role.id) ? [role.value] : [],
  );
}

function nameOf({ state }: Directory, client: ServicePrincipal): string {
  return exposedBy(client, applicationWithAppId(state, client.appId)).displayName;
}
