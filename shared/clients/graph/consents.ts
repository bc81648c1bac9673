import * as z from "zod";
import { NotYetError, UpstreamError } from "../../errors.ts";
import type { ScopeGrant } from "../../registration/consent-plan.ts";
import type { Consents } from "../../registration/ports.ts";
import { type Graph, odata } from "./graph.ts";
import { listAll } from "./pages.ts";
import { saysOneOf } from "./refusals.ts";

const assignment = z.object({ resourceId: z.string(), appRoleId: z.string() });
const principal = z.object({
  id: z.string(),
  appId: z.string(),
  createdByAppId: z.string().nullish(),
  appRoleAssignmentRequired: z.boolean().nullish(),
  appRoleAssignments: z.array(assignment).default([]),
});
const delegated = z.object({ id: z.string(), resourceId: z.string(), scope: z.string().nullish() });

/** An expanded list shows no more and does not say so (Microsoft Learn: "Use query parameters", `$expand`). */
const MOST_EXPANDED = 20;

/** What Graph says when the thing asked for is already there (microsoftgraph/msgraph-bicep-types #161). */
const ALREADY_THERE = ["already exists"];

/** Admin consent as Graph knows it: delegated grants and app role assignments. */
export function consents(graph: Graph): Consents {
  return {
    principals: (appIds, resourceAppId) => principals(graph, appIds, resourceAppId),
    grantsOf: (clientObjectId) => grantsOf(graph, clientObjectId),
    grant: (wanted) => grant(graph, wanted),
    async assignAppRole({ principalId, resourceId, appRoleId }) {
      const body = { principalId, resourceId, appRoleId };
      const path = `/servicePrincipals/${resourceId}/appRoleAssignedTo`;
      await graph.onceReplicated(() => isNew(() => graph.post({ action: "assign the app role", path, body })));
    },
  };
}

async function principals(graph: Graph, appIds: readonly string[], resourceAppId: string) {
  const request = {
    action: "read the service principals",
    path: "/servicePrincipals",
    query: {
      $filter: `appId in (${appIds.map(odata).join(",")})`,
      $select: "id,appId,createdByAppId,appRoleAssignmentRequired",
      $expand: "appRoleAssignments",
    },
  };
  const found = await listAll(graph, request, principal);
  const resource = found.find(({ appId }) => appId === resourceAppId)?.id;
  return Promise.all(
    found.map(async ({ id, appRoleAssignments: shown, ...one }) => ({
      ...one,
      objectId: id,
      assigned: shown.length < MOST_EXPANDED ? shown : await assignedTo(graph, id, resource),
    })),
  );
}

/** Those on one resource, where it is there: an identity has some for each OpenMetadata that it serves. */
async function assignedTo(graph: Graph, objectId: string, resource: string | undefined) {
  const path = `/servicePrincipals/${objectId}/appRoleAssignments`;
  // Microsoft Learn: "appRoleAssignment resource type": of `resourceId`, `eq` alone. It is a GUID, without quotes.
  const query = resource === undefined ? {} : { query: { $filter: `resourceId eq ${resource}` } };
  return listAll(graph, { action: "read the app role assignments", path, ...query }, assignment);
}

async function grantsOf(graph: Graph, clientObjectId: string): Promise<ScopeGrant[]> {
  const request = {
    action: "read the delegated grants",
    path: "/oauth2PermissionGrants",
    // What people consented to for themselves may be thousands.
    query: { $filter: `clientId eq ${odata(clientObjectId)} and consentType eq 'AllPrincipals'` },
  };
  const found = await listAll(graph, request, delegated);
  return found.map(({ id, resourceId, scope }) => ({
    id,
    resourceId,
    scopes: (scope ?? "").split(" ").filter(Boolean),
  }));
}

async function grant(
  graph: Graph,
  { clientId, resourceId, scopes, grantId }: Parameters<Consents["grant"]>[0],
): Promise<boolean> {
  if (grantId) return widen(graph, grantId, scopes);
  const body = { clientId, consentType: "AllPrincipals", resourceId, scope: scopes.join(" ") };
  const request = { action: `grant ${body.scope}`, path: "/oauth2PermissionGrants", body };
  if (await graph.onceReplicated(() => isNew(() => graph.post(request)))) return true;
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
  return union.size > existing.scopes.length && widen(graph, existing.id, [...union]);
}

async function widen(graph: Graph, grantId: string, scopes: string[]): Promise<true> {
  const body = { scope: scopes.join(" ") };
  const request = { action: `grant ${body.scope}`, path: `/oauth2PermissionGrants/${grantId}`, body };
  await graph.onceReplicated(() => graph.patch(request));
  return true;
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
