import { z } from "zod";
import { type Graph, odata } from "../../shared/clients/graph/graph.ts";
import { listAll } from "../../shared/clients/graph/pages.ts";
import { OperatorError } from "../operator-error.ts";
import type { Principal } from "./steps.ts";

const principal = z.object({
  id: z.string(),
  appId: z.string(),
  displayName: z.string().nullish(),
  servicePrincipalType: z.string(),
});
const assignment = z.object({ resourceId: z.string(), appRoleId: z.string() });

/** The app's identity. @throws {OperatorError} for anything but a managed identity. */
export async function readIdentity(graph: Graph, id: string): Promise<Principal> {
  const { principal, type } = await readPrincipal(graph, id);
  if (type === "ManagedIdentity") return principal;
  throw new OperatorError(
    `${principal.name} (${id}) is not a managed identity, so it cannot be the app's`,
    "azd env get-value APP_IDENTITY_OBJECT_ID shows its object id, as does the portal under Managed Identities",
  );
}

/** By object id first: the two kinds of id look the same. */
export async function readPrincipal(graph: Graph, id: string): Promise<{ principal: Principal; type: string }> {
  const action = `read the service principal ${id}`;
  const query = { $select: Object.keys(principal.shape).join(",") };
  const answer =
    (await graph.find({ action, path: `/servicePrincipals/${encodeURIComponent(id)}`, query })) ??
    (await graph.find({ action, path: `/servicePrincipals(appId=${odata(id)})`, query }));
  if (answer === undefined) {
    const hint =
      "Pass the object ID or client ID of an identity. To give a role to a person, use Entra (Enterprise applications, Users and groups)";
    throw new OperatorError(`No service principal of this tenant has the id ${id}`, hint);
  }
  const found = principal.parse(answer);
  const path = `/servicePrincipals/${found.id}/appRoleAssignments`;
  const request = { action: `read the app roles of ${id}`, path, query: { $top: "999" } };
  const assigned = await listAll(graph, request, assignment);
  return {
    principal: { objectId: found.id, name: plain(found.displayName ?? found.id), assigned },
    type: found.servicePrincipalType,
  };
}

/** Whoever may register an application chooses its name, which becomes a line of a terminal and of a script. */
export function plain(name: string): string {
  return name.replace(/[^\p{L}\p{N} ._()@-]/gu, "?").slice(0, 120);
}
