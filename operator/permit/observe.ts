import { z } from "zod";
import { type Graph, odata } from "../../shared/clients/graph/graph.ts";
import { listAll } from "../../shared/clients/graph/pages.ts";
import { GRAPH_APP_ID } from "../../shared/registration/permissions.ts";
import { OperatorError } from "../operator-error.ts";
import type { ApiRole } from "./api-registration.ts";
import { entitlement, readApi } from "./observe-api.ts";
import { plain, readIdentity, readPrincipal } from "./observe-principal.ts";
import type { Observed } from "./steps.ts";

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

/** Looks at everything that the wish is about; writes nothing. @throws {OperatorError} for an id that is nothing of the kind. */
export async function observe(graph: Graph, wish: Wish): Promise<Observed> {
  // First and alone: whoever may not read this may read nothing of the rest.
  const msGraph = await readGraph(graph);
  const [api, identity, callers, adopted] = await Promise.all([
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

async function readAdopted(graph: Graph, clientId: string): Promise<Observed["adopted"][number]> {
  const path = `/applications(appId=${odata(clientId)})`;
  const answer = await graph.find({
    action: `read registration ${clientId}`,
    path,
    query: { $select: "id,displayName" },
  });
  if (answer === undefined)
    throw new OperatorError(
      `There is no registration with the client ID ${clientId}`,
      "Take the client ID, not the object ID, from Entra",
    );
  const { id, displayName } = z.object({ id: z.string(), displayName: z.string() }).parse(answer);
  const request = {
    action: `read the owners of ${displayName}`,
    path: `/applications/${id}/owners`,
    query: { $select: "id" },
  };
  const owners = await listAll(graph, request, z.object({ id: z.string() }));
  return {
    objectId: id,
    name: plain(displayName),
    owners: owners.map((owner) => owner.id),
  };
}
