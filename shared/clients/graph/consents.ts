import { z } from "zod";
import { NotYetError, UpstreamError } from "../../errors.ts";
import type { ScopeGrant } from "../../registration/consent-plan.ts";
import type { Consents } from "../../registration/ports.ts";
import { type Graph, odata } from "./graph.ts";
import { saysOneOf, shaped } from "./refusals.ts";

const principalList = z.object({
  value: z.array(
    z.object({
      id: z.string(),
      appId: z.string(),
      appRoleAssignments: z.array(z.object({ resourceId: z.string(), appRoleId: z.string() })).default([]),
    }),
  ),
});
const grantList = z.object({
  value: z.array(
    z.object({ id: z.string(), resourceId: z.string(), consentType: z.string(), scope: z.string().nullish() }),
  ),
});

/** What Graph says when the thing asked for is already there (microsoftgraph/msgraph-bicep-types #161). */
const ALREADY_THERE = ["already exists"];

/** Admin consent as Graph knows it: delegated grants and app role assignments. */
export function consents(graph: Graph): Consents {
  return {
    principals: (appIds) => principals(graph, appIds),
    grantsOf: (clientObjectId) => grantsOf(graph, clientObjectId),
    grant: (wanted) => grant(graph, wanted),
    async assignAppRole({ principalId, resourceId, appRoleId }) {
      const body = { principalId, resourceId, appRoleId };
      const path = `/servicePrincipals/${resourceId}/appRoleAssignedTo`;
      await graph.onceReplicated(() => isNew(() => graph.post({ action: "assign the app role", path, body })));
    },
  };
}

async function principals(graph: Graph, appIds: readonly string[]) {
  const action = "read the service principals";
  const answer = await graph.get({
    action,
    path: "/servicePrincipals",
    query: {
      $filter: `appId in (${appIds.map(odata).join(",")})`,
      $select: "id,appId",
      $expand: "appRoleAssignments",
    },
  });
  return shaped(principalList, answer, action).value.map(({ id, appId, appRoleAssignments }) => ({
    objectId: id,
    appId,
    assigned: appRoleAssignments.map(({ resourceId, appRoleId }) => ({ resourceId, appRoleId })),
  }));
}

async function grantsOf(graph: Graph, clientObjectId: string): Promise<ScopeGrant[]> {
  const action = "read the delegated grants";
  const answer = await graph.get({
    action,
    path: "/oauth2PermissionGrants",
    query: { $filter: `clientId eq ${odata(clientObjectId)}` },
  });
  return shaped(grantList, answer, action)
    .value.filter(({ consentType }) => consentType === "AllPrincipals")
    .map(({ id, resourceId, scope }) => ({ id, resourceId, scopes: (scope ?? "").split(" ").filter(Boolean) }));
}

async function grant(
  graph: Graph,
  { clientId, resourceId, scopes, grantId }: Parameters<Consents["grant"]>[0],
): Promise<void> {
  if (grantId) return widen(graph, grantId, scopes);
  const body = { clientId, consentType: "AllPrincipals", resourceId, scope: scopes.join(" ") };
  const request = { action: `grant ${body.scope}`, path: "/oauth2PermissionGrants", body };
  if (await graph.onceReplicated(() => isNew(() => graph.post(request)))) return;
  // The list did not show it, so what it holds is unknown.
  const existing = (await grantsOf(graph, clientId)).find((one) => one.resourceId === resourceId);
  if (!existing)
    throw new NotYetError(
      "replication-pending",
      `Cannot ${request.action} yet: Microsoft Graph does not list the existing grant`,
      {
        retryAfterSeconds: 15,
      },
    );
  const union = new Set([...existing.scopes, ...scopes]);
  if (union.size > existing.scopes.length) await widen(graph, existing.id, [...union]);
}

async function widen(graph: Graph, grantId: string, scopes: string[]): Promise<void> {
  const body = { scope: scopes.join(" ") };
  const request = { action: `grant ${body.scope}`, path: `/oauth2PermissionGrants/${grantId}`, body };
  await graph.onceReplicated(() => graph.patch(request));
}

/** False where Graph says that it exists already. */
async function isNew(request: () => Promise<unknown>): Promise<boolean> {
  try {
    await request();
    return true;
  } catch (error) {
    const refused = error instanceof UpstreamError && (error.status === 400 || error.status === 409);
    if (refused && saysOneOf(error, ALREADY_THERE)) return false;
    throw error;
  }
}
