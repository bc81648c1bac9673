/**
 * Grants what the registrations ask for, tenant-wide.
 *
 *   wanted                                   there        step
 *   ---------------------------------------  -----------  -----------------------------------------
 *   scopes of a client on a resource         none         grant-scopes (a new grant)
 *                                            some         grant-scopes (the union, in the same grant)
 *                                            all          none
 *   app role of ingestion on the server      not assigned assign-app-role
 *   the same of the identity as which this   not assigned assign-app-role
 *   app signs in to the server
 *
 * Without the last, the app is shut out as soon as somebody sets "Assignment required" on the server registration.
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
  /** The identity as which this app signs in to the server; undefined where it does not by Entra. */
  self: Principal | undefined;
  /** Entra lets nobody in to the server who has no role there. */
  assignmentRequired: boolean;
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
      /** Nothing is amiss yet where it cannot be done. */
      optional: boolean;
    };

/** Has it the app role of the server registration? Pure. */
export function isAssigned(
  { appRole }: Pick<Desired, "appRole">,
  { server, principal }: { server: Principal; principal: Principal },
): boolean {
  return principal.assigned.some(
    ({ resourceId, appRoleId }) => resourceId === server.objectId && appRoleId === appRole.id,
  );
}

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
  return [...steps, ...assignments(desired, observed)];
}

function assignments(desired: Desired, observed: Observed): Step[] {
  const { server, ingestion, self, assignmentRequired } = observed;
  const { serverName, ingestionName, appRole } = desired;
  const wanted = [
    { principal: ingestion, name: ingestionName, optional: false },
    ...(self ? [{ principal: self, name: "this app's identity", optional: !assignmentRequired }] : []),
  ];
  return wanted
    .filter(({ principal }) => !isAssigned(desired, { server, principal }))
    .map(({ principal, name, optional }) => ({
      kind: "assign-app-role",
      because: `${appRole.value} not assigned`,
      target: `${name} on ${serverName}`,
      principalId: principal.objectId,
      resourceId: server.objectId,
      appRoleId: appRole.id,
      optional,
    }));
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
