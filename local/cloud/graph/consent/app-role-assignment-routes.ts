import { Hono } from "hono";
import { z } from "zod";
import { type AppRoleAssignment, DEFAULT_ACCESS, newAssignment } from "../../directory/consent.ts";
import type { Directory } from "../../directory/create-directory.ts";
import { GRAPH_APP_ID } from "../../directory/microsoft-graph.ts";
import { exposedBy } from "../../directory/service-principal.ts";
import { applicationWithAppId } from "../../directory/state.ts";
import { answerMany, answerOne } from "../answer.ts";
import type { Authenticated } from "../caller.ts";
import { hasKey, readKey } from "../odata/path.ts";
import { readQuery } from "../odata/query.ts";
import { requireRight } from "../permissions.ts";
import { badRequest, notFound } from "../refusal.ts";
import { type BodyRules, readBody } from "../request-body.ts";
import { replicatedExposed, replicatedPrincipal } from "../service-principals/exposed.ts";
import { readServicePrincipal } from "../service-principals/service-principal-routes.ts";

const TYPE = "microsoft.graph.appRoleAssignment";
const SET = "appRoleAssignments";

const creation = z.strictObject({ principalId: z.guid(), resourceId: z.guid(), appRoleId: z.guid() });
const CREATION: BodyRules<z.infer<typeof creation>> = { resource: "AppRoleAssignment", schema: creation };

/** App roles given to service principals (Microsoft Learn: "Grant an appRoleAssignment for a service principal"). */
export function appRoleAssignmentRoutes(directory: Directory): Hono<Authenticated> {
  const routes = new Hono<Authenticated>();
  const { assignments, clock, servicePrincipals } = directory.state;

  routes.get("/:key/appRoleAssignments", (c) => {
    requireRight(c.get("caller"), "read applications");
    const query = readQuery(c, { type: TYPE, paged: true });
    const { id } = readServicePrincipal(directory, readKey(c.req.param("key"), ["appId"]));
    const own = assignments.list(directory.delayOfReads()).filter(({ principalId }) => principalId === id);
    return answerMany(
      c,
      own.map((assignment) => assignmentAnswer(assignment, directory)),
      { set: SET, query },
    );
  });

  routes.post("/:key/appRoleAssignedTo", async (c) => {
    const key = readKey(c.req.param("key"), ["appId"]);
    const known = servicePrincipals.list(directory.delayOfReferences()).find((one) => hasKey(one, key));
    const isGraphs = known?.appId === GRAPH_APP_ID;
    requireRight(c.get("caller"), isGraphs ? "assign app roles of Graph" : "assign app roles");
    const body = await readBody(c, CREATION);
    if (!known) throw notFound(key.value);
    if (body.resourceId !== known.id) throw badRequest("Not a valid reference update.");
    checkAssignment(directory, body);
    const assignment = newAssignment(body, clock.now());
    assignments.put(assignment.id, assignment);
    return answerOne(c, assignmentAnswer(assignment, directory), { set: SET, status: 201 });
  });
  return routes;
}

/** An assignment as Graph shows it. */
export function assignmentAnswer(assignment: AppRoleAssignment, directory: Directory): object {
  const nameOf = (id: string): string | null => {
    const principal = directory.state.servicePrincipals.get(id);
    return principal ? exposedBy(principal, applicationWithAppId(directory.state, principal.appId)).displayName : null;
  };
  return {
    ...assignment,
    deletedDateTime: null,
    principalDisplayName: nameOf(assignment.principalId),
    principalType: "ServicePrincipal",
    resourceDisplayName: nameOf(assignment.resourceId),
  };
}

function checkAssignment(directory: Directory, wanted: z.infer<typeof creation>): void {
  const resource = replicatedPrincipal(directory, wanted.resourceId);
  if (!resource || !replicatedPrincipal(directory, wanted.principalId)) {
    throw badRequest("Not a valid reference update.");
  }
  const { appRoles } = replicatedExposed(directory, resource);
  const isRole = appRoles.some(
    ({ id, isEnabled, allowedMemberTypes }) =>
      id === wanted.appRoleId && isEnabled && allowedMemberTypes.includes("Application"),
  );
  const isDefault = wanted.appRoleId === DEFAULT_ACCESS && appRoles.length === 0;
  if (!isRole && !isDefault) throw badRequest("Permission being assigned was not found on application.");
  const isThere = directory.state.assignments
    .list()
    .some(
      ({ principalId, resourceId, appRoleId }) =>
        principalId === wanted.principalId && resourceId === wanted.resourceId && appRoleId === wanted.appRoleId,
    );
  if (isThere) throw badRequest("Permission being assigned already exists on the object.");
}
