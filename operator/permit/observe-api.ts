import { z } from "zod";
import { type Graph, odata } from "../../shared/clients/graph/graph.ts";
import { OperatorError } from "../operator-error.ts";
import { registrationPath } from "./call.ts";
import { plain } from "./observe-principal.ts";
import type { ApiRegistration } from "./steps.ts";

export const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** A scope or an app role, with all that Graph says of it. */
export const entitlement = z.looseObject({ id: z.string(), value: z.string().nullable() });
const application = z.object({
  id: z.string(),
  appId: z.string(),
  displayName: z.string(),
  uniqueName: z.string().nullish(),
  identifierUris: z.array(z.string()),
  appRoles: z.array(entitlement),
  api: z.object({
    requestedAccessTokenVersion: z.number().nullish(),
    oauth2PermissionScopes: z.array(entitlement),
    preAuthorizedApplications: z.array(z.object({ appId: z.string(), delegatedPermissionIds: z.array(z.string()) })),
  }),
});

/** The registration that callers ask tokens for, by its name or its client id, and by what name it goes. */
export async function readApi(
  graph: Graph,
  named: string,
): Promise<{ name: string; found: ApiRegistration | undefined }> {
  const path = GUID.test(named) ? `/applications(appId=${odata(named)})` : registrationPath(named);
  const query = { $select: Object.keys(application.shape).join(",") };
  const answer = await graph.find({ action: `read registration ${named}`, path, query });
  if (answer === undefined) {
    if (!GUID.test(named)) return { name: named, found: undefined };
    throw new OperatorError(
      `There is no registration with the client ID ${named}`,
      "Take the client ID from Entra, or omit --api to create one",
    );
  }
  const { id, appId, displayName, uniqueName, identifierUris, appRoles, api } = application.parse(answer);
  return {
    name: uniqueName ?? plain(displayName),
    found: {
      objectId: id,
      clientId: appId,
      identifierUris,
      tokenVersion: api.requestedAccessTokenVersion ?? null,
      appRoles: appRoles.map(withoutOrigin),
      scopes: api.oauth2PermissionScopes,
      preAuthorized: api.preAuthorizedApplications,
      principal: await readApiPrincipal(graph, appId),
    },
  };
}

/** Graph shows it and does not take it back. */
function withoutOrigin<T extends object>(role: T): T {
  return Object.fromEntries(Object.entries(role).filter(([name]) => name !== "origin")) as T;
}

async function readApiPrincipal(graph: Graph, clientId: string): Promise<ApiRegistration["principal"]> {
  const path = `/servicePrincipals(appId=${odata(clientId)})`;
  const query = { $select: "id,appRoleAssignmentRequired" };
  const answer = await graph.find({ action: `read the service principal of ${clientId}`, path, query });
  if (answer === undefined) return undefined;
  const { id, appRoleAssignmentRequired } = z
    .object({ id: z.string(), appRoleAssignmentRequired: z.boolean() })
    .parse(answer);
  return { objectId: id, requiresAssignment: appRoleAssignmentRequired };
}
