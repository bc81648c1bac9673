import { type Context, Hono } from "hono";
import { z } from "zod";
import { type AppRoleAssignment, DEFAULT_ACCESS, newAssignment } from "../../directory/consent.ts";
import type { Directory } from "../../directory/create-directory.ts";
import { GRAPH_APP_ID } from "../../directory/microsoft-graph.ts";
import type { ServicePrincipal } from "../../directory/service-principal.ts";
import { answerMany, answerOne } from "../answer.ts";
import type { Authenticated } from "../caller.ts";
import { readKey } from "../odata/path.ts";
import { readQuery } from "../odata/query.ts";
import { requireRight } from "../permissions.ts";
import { badRequest, notFound } from "../refusal.ts";
import { type BodyRules, readBody } from "../request-body.ts";
import { replicatedExposed, replicatedPrincipal } from "../service-principals/exposed.ts";
import { findPrincipal, PRINCIPAL_KEYS, readServicePrincipal } from "../service-principals/find.ts";
import { assignmentAnswer } from "./assignment-answer.ts";

const TYPE = "microsoft.graph.appRoleAssignment";
const SET = "appRoleAssignments";
const LIST = {
  properties: [
    "id",
    "deletedDateTime",
    "appRoleId",
    "createdDateTime",
    "principalDisplayName",
    "principalId",
    "principalType",
    "resourceDisplayName",
    "resourceId",
  ],
  filterable: ["principalId", "resourceId", "principalDisplayName", "resourceDisplayName"],
};

const creation = z.strictObject({ principalId: z.guid(), resourceId: z.guid(), appRoleId: z.guid() });
const CREATION: BodyRules<z.infer<typeof creation>> = {
  resource: "AppRoleAssignment",
  schema: creation,
  readOnly: ["id", "createdDateTime"],
};

/** The two ends of an assignment: the list below a service principal names which of them it is. */
const ENDS = { appRoleAssignments: "principalId", appRoleAssignedTo: "resourceId" } as const;

/**
 * App roles given to service principals, from either end (Microsoft Learn: "Grant an appRoleAssignment to a service
 * principal", "Grant an appRoleAssignment for a service principal").
 */
export function appRoleAssignmentRoutes(directory: Directory): Hono<Authenticated> {
  const routes = new Hono<Authenticated>();
  const { assignments } = directory.state;

  for (const [name, end] of Object.entries(ENDS)) {
    const below = (c: Context<Authenticated>): AppRoleAssignment[] => {
      requireRight(c.get("caller"), "read applications");
      const { id } = readServicePrincipal(directory, readKey(c.req.param("key") ?? "", PRINCIPAL_KEYS));
      return assignments.bearing(end, id, directory.delayOfReads());
    };
    routes.get(`/:key/${name}`, (c) => {
      const query = readQuery(c, { type: TYPE, list: LIST });
      const show = (assignment: AppRoleAssignment) => assignmentAnswer(assignment, directory);
      return answerMany(c, below(c), { set: SET, query, show });
    });
    routes.get(`/:key/${name}/:id`, (c) => {
      const query = readQuery(c, { type: TYPE });
      const found = below(c).find(({ id }) => id === c.req.param("id"));
      if (!found) throw notFound(c.req.param("id") ?? "");
      return answerOne(c, assignmentAnswer(found, directory), { set: SET, query });
    });
    routes.delete(`/:key/${name}/:id`, (c) => {
      requireRight(c.get("caller"), "remove app roles");
      const id = c.req.param("id") ?? "";
      if (!assignments.get(id)) throw notFound(id);
      assignments.remove(id);
      return c.body(null, 204);
    });
    routes.post(`/:key/${name}`, (c) => assign(c, directory, end));
  }
  return routes;
}

async function assign(
  c: Context<Authenticated>,
  directory: Directory,
  end: (typeof ENDS)[keyof typeof ENDS],
): Promise<Response> {
  const { assignments, clock, servicePrincipals } = directory.state;
  const key = readKey(c.req.param("key") ?? "", PRINCIPAL_KEYS);
  const known = findPrincipal(directory, key, directory.delayOfReferences());
  requireRight(c.get("caller"), "assign app roles");
  const body = await readBody(c, CREATION);
  const isGraphs = servicePrincipals.get(body.resourceId)?.appId === GRAPH_APP_ID;
  if (isGraphs) requireRight(c.get("caller"), "assign app roles of Graph");
  if (!known) throw notFound(key.value);
  if (body[end] !== known.id) throw badRequest("Not a valid reference update.");
  checkAssignment(directory, body);
  const assignment = newAssignment(body, clock.now());
  assignments.put(assignment.id, assignment);
  return answerOne(c, assignmentAnswer(assignment, directory), { set: SET, status: 201 });
}

function checkAssignment(directory: Directory, wanted: z.infer<typeof creation>): void {
  const resource = replicatedPrincipal(directory, wanted.resourceId);
  const isPerson = directory.state.people.has(wanted.principalId);
  if (!resource || !(isPerson || replicatedPrincipal(directory, wanted.principalId))) {
    throw badRequest("Not a valid reference update.");
  }
  if (!offers(directory, resource, { appRoleId: wanted.appRoleId, to: isPerson ? "User" : "Application" })) {
    throw badRequest("Permission being assigned was not found on application.");
  }
  const isThere = directory.state.assignments
    .bearing("principalId", wanted.principalId)
    .some(({ resourceId, appRoleId }) => resourceId === wanted.resourceId && appRoleId === wanted.appRoleId);
  if (isThere) throw badRequest("Permission being assigned already exists on the object.");
}

function offers(
  directory: Directory,
  resource: ServicePrincipal,
  { appRoleId, to }: { appRoleId: string; to: "User" | "Application" },
): boolean {
  const { appRoles } = replicatedExposed(directory, resource);
  if (appRoleId === DEFAULT_ACCESS && appRoles.length === 0) return true;
  return appRoles.some(
    ({ id, isEnabled, allowedMemberTypes }) => id === appRoleId && isEnabled && allowedMemberTypes.includes(to),
  );
}
