import { z } from "zod";
import { type Graph, odata } from "../../shared/clients/graph/graph.ts";
import { InputError } from "../../shared/errors.ts";
import { GRAPH_APP_ID } from "../../shared/registration/permissions.ts";
import type { ApiRole } from "./api-registration.ts";
import { registrationPath } from "./call.ts";
import type { ApiRegistration, Observed, Principal } from "./plan.ts";

/** What somebody asks to be permitted. Identities are named by object id or client id. */
export interface Wish {
  /** Name of the API's registration, or the client id of one that exists; undefined: leave it alone. */
  api: string | undefined;
  /** The app's own managed identity. */
  identity: string | undefined;
  callers: { id: string; role: ApiRole }[];
  /** Client ids of registrations that were made by hand. */
  adopted: string[];
}

export const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

const principal = z.object({
  id: z.string(),
  appId: z.string(),
  displayName: z.string().nullish(),
  servicePrincipalType: z.string(),
});
const entitlement = z.looseObject({ id: z.string(), value: z.string().nullable() });
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

/** Looks at everything that the wish is about; writes nothing. @throws {InputError} for an id that is nothing of the kind. */
export async function observe(graph: Graph, wish: Wish): Promise<Observed> {
  const [msGraph, api, identity, callers, adopted] = await Promise.all([
    readGraph(graph),
    wish.api === undefined ? undefined : readApi(graph, wish.api),
    wish.identity === undefined ? undefined : readIdentity(graph, wish.identity),
    Promise.all(
      wish.callers.map(async ({ id, role }) => ({ principal: (await readPrincipal(graph, id)).principal, role })),
    ),
    Promise.all(wish.adopted.map((clientId) => readAdopted(graph, clientId))),
  ]);
  return { apiName: api?.name, api: api?.found, graph: msGraph, identity, callers, adopted };
}

async function readGraph(graph: Graph): Promise<Observed["graph"]> {
  const path = `/servicePrincipals(appId=${odata(GRAPH_APP_ID)})`;
  const answer = await graph.get({
    action: "read the permissions of Microsoft Graph",
    path,
    query: { $select: "id,appRoles" },
  });
  const { id, appRoles } = z.object({ id: z.string(), appRoles: z.array(entitlement) }).parse(answer);
  return { objectId: id, roleIds: Object.fromEntries(appRoles.map((role) => [role.value ?? "", role.id])) };
}

async function readApi(graph: Graph, named: string): Promise<{ name: string; found: ApiRegistration | undefined }> {
  const path = GUID.test(named) ? `/applications(appId=${odata(named)})` : registrationPath(named);
  const query = { $select: Object.keys(application.shape).join(",") };
  const answer = await graph.find({ action: `read registration ${named}`, path, query });
  if (answer === undefined) {
    if (!GUID.test(named)) return { name: named, found: undefined };
    throw new InputError(
      `There is no registration with the client id ${named}`,
      "Take the client id from Entra, or leave --api away and one is made",
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

/** Whoever may register an application chooses its name, which becomes a line of a terminal and of a script. */
function plain(name: string): string {
  return name.replace(/[^\p{L}\p{N} ._()@-]/gu, "?").slice(0, 120);
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

async function readIdentity(graph: Graph, id: string): Promise<Principal> {
  const { principal, type } = await readPrincipal(graph, id);
  if (type === "ManagedIdentity") return principal;
  throw new InputError(
    `${principal.name} (${id}) is no managed identity, so it is not that of the app`,
    "azd env get-value APP_IDENTITY_OBJECT_ID shows its object id, as does the portal under Managed Identities",
  );
}

/** By object id first: the two kinds of id look the same. */
async function readPrincipal(graph: Graph, id: string): Promise<{ principal: Principal; type: string }> {
  const action = `read the service principal ${id}`;
  const query = { $select: Object.keys(principal.shape).join(",") };
  const answer =
    (await graph.find({ action, path: `/servicePrincipals/${encodeURIComponent(id)}`, query })) ??
    (await graph.find({ action, path: `/servicePrincipals(appId=${odata(id)})`, query }));
  if (answer === undefined) {
    const hint =
      "Give the object id or the client id of an identity; people are assigned roles in Entra, under Enterprise applications, Users and groups";
    throw new InputError(`No service principal of this tenant has the id ${id}`, hint);
  }
  const found = principal.parse(answer);
  const path = `/servicePrincipals/${found.id}/appRoleAssignments`;
  const list = await graph.get({ action: `read the app roles of ${id}`, path, query: { $top: "999" } });
  const assigned = z
    .object({ value: z.array(z.object({ resourceId: z.string(), appRoleId: z.string() })) })
    .parse(list).value;
  return {
    principal: { objectId: found.id, name: plain(found.displayName ?? found.id), assigned },
    type: found.servicePrincipalType,
  };
}

async function readAdopted(graph: Graph, clientId: string): Promise<Observed["adopted"][number]> {
  const path = `/applications(appId=${odata(clientId)})`;
  const answer = await graph.find({
    action: `read registration ${clientId}`,
    path,
    query: { $select: "id,displayName" },
  });
  if (answer === undefined)
    throw new InputError(
      `There is no registration with the client id ${clientId}`,
      "Take the client id, not the object id, from Entra",
    );
  const { id, displayName } = z.object({ id: z.string(), displayName: z.string() }).parse(answer);
  const owners = await graph.get({
    action: `read the owners of ${displayName}`,
    path: `/applications/${id}/owners`,
    query: { $select: "id" },
  });
  return {
    objectId: id,
    name: plain(displayName),
    owners: z
      .object({ value: z.array(z.object({ id: z.string() })) })
      .parse(owners)
      .value.map((owner) => owner.id),
  };
}
