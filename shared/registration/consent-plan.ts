/**
 * Grants what the registrations ask for, tenant-wide.
 *
 *   wanted                                   there        step
 *   ---------------------------------------  -----------  -----------------------------------------
 *   scopes of a client on a resource         none         grant-scopes (a new grant)
 *                                            some         grant-scopes (the union, in the same grant)
 *                                            all          none
 *   app role of ingestion on the server      not assigned assign-app-role
 */

export interface ScopeGrant {
  id: string;
  resourceId: string;
  scopes: string[];
}

export interface Principal {
  objectId: string;
  assigned: { resourceId: string; appRoleId: string }[];
}

/** Service principals and grants as they are. */
export interface Observed {
  server: Principal;
  ingestion: Principal;
  graph: Principal;
  serverGrants: ScopeGrant[];
  ingestionGrants: ScopeGrant[];
}

/** What is to be granted, and the names that people know the three by. */
export interface Desired {
  serverName: string;
  ingestionName: string;
  /** Of the server registration on Microsoft Graph. */
  graphScopes: readonly string[];
  /** Of the ingestion registration on the server registration. */
  serverScope: string;
  appRole: { id: string; value: string };
}

export type Step =
  | {
      kind: "grant-scopes";
      because: string;
      target: string;
      clientId: string;
      resourceId: string;
      scopes: string[];
      grantId: string | undefined;
    }
  | {
      kind: "assign-app-role";
      because: string;
      target: string;
      principalId: string;
      resourceId: string;
      appRoleId: string;
    };

/** Plans the steps. Pure. */
export function planConsent(desired: Desired, observed: Observed): Step[] {
  const { server, ingestion, graph } = observed;
  const steps = [
    grant(desired.graphScopes, observed.serverGrants, {
      clientId: server.objectId,
      resourceId: graph.objectId,
      target: `${desired.serverName} on Microsoft Graph`,
    }),
    grant([desired.serverScope], observed.ingestionGrants, {
      clientId: ingestion.objectId,
      resourceId: server.objectId,
      target: `${desired.ingestionName} on ${desired.serverName}`,
    }),
  ].filter((step) => step !== undefined);
  const isAssigned = ingestion.assigned.some(
    ({ resourceId, appRoleId }) => resourceId === server.objectId && appRoleId === desired.appRole.id,
  );
  if (isAssigned) return steps;
  return [
    ...steps,
    {
      kind: "assign-app-role",
      because: `${desired.appRole.value} not assigned`,
      target: `${desired.ingestionName} on ${desired.serverName}`,
      principalId: ingestion.objectId,
      resourceId: server.objectId,
      appRoleId: desired.appRole.id,
    },
  ];
}

function grant(
  wanted: readonly string[],
  grants: ScopeGrant[],
  { clientId, resourceId, target }: { clientId: string; resourceId: string; target: string },
): Step | undefined {
  const existing = grants.find((one) => one.resourceId === resourceId);
  const missing = wanted.filter((scope) => !existing?.scopes.includes(scope));
  if (missing.length === 0) return undefined;
  return {
    kind: "grant-scopes",
    because: `${missing.join(" ")} not granted`,
    target,
    clientId,
    resourceId,
    scopes: [...(existing?.scopes ?? []), ...missing],
    grantId: existing?.id,
  };
}
