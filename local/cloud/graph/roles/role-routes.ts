import { randomUUID } from "node:crypto";
import { Hono } from "hono";
import { z } from "zod";
import type { Directory } from "../../directory/create-directory.ts";
import type { Authenticated } from "../caller.ts";
import { requireRight } from "../permissions.ts";
import { badRequest, notFound, notModelled } from "../refusal.ts";
import { readBody } from "../request-body.ts";

const definition = z.strictObject({
  displayName: z.string().min(1).max(128),
  description: z.string().nullish(),
  isEnabled: z.boolean(),
  rolePermissions: z.array(z.strictObject({ allowedResourceActions: z.array(z.string()).min(1) })).min(1),
});
const assignment = z.strictObject({
  principalId: z.guid(),
  roleDefinitionId: z.guid(),
  directoryScopeId: z.string(),
});

/** The action that means something here; a role with another one is not modelled. */
export const UPDATE_CREDENTIALS = "microsoft.directory/applications/credentials/update";

/**
 * Custom roles of Entra, and their assignment over one application (Microsoft Learn: "Create unifiedRoleDefinition",
 * "Create unifiedRoleAssignment": `directoryScopeId` is `/<object id of the application>`). That whoever has such a role
 * may add passwords by Microsoft Graph is unverified. Built-in roles are not modelled.
 */
export function roleRoutes(directory: Directory): Hono<Authenticated> {
  const { roles, servicePrincipals, applications } = directory.state;
  const routes = new Hono<Authenticated>();
  routes.post("/roleDefinitions", async (c) => {
    const body = await readBody(c, { resource: "UnifiedRoleDefinition", schema: definition });
    requireRight(c.get("caller"), "write roles");
    const actions = body.rolePermissions.flatMap(({ allowedResourceActions }) => allowedResourceActions);
    const other = actions.find((action) => action !== UPDATE_CREDENTIALS);
    if (other) throw notModelled(`the action ${other}`);
    const id = randomUUID();
    roles.definitions.set(id, { actions });
    return c.json({ id, ...body, isBuiltIn: false, templateId: id }, 201);
  });
  routes.post("/roleAssignments", async (c) => {
    const body = await readBody(c, { resource: "UnifiedRoleAssignment", schema: assignment });
    requireRight(c.get("caller"), "write roles");
    if (!roles.definitions.has(body.roleDefinitionId)) throw notFound(body.roleDefinitionId);
    if (!servicePrincipals.get(body.principalId)) throw notFound(body.principalId);
    const applicationId = /^\/([0-9a-f-]{36})$/i.exec(body.directoryScopeId)?.[1];
    if (!applicationId) throw notModelled(`the scope ${body.directoryScopeId}`);
    if (!applications.get(applicationId)) throw badRequest("The directory scope does not exist.");
    const id = randomUUID();
    roles.assignments.set(id, { ...body, applicationId });
    return c.json({ id, ...body }, 201);
  });
  routes.delete("/roleDefinitions/:id", (c) => {
    requireRight(c.get("caller"), "write roles");
    const id = c.req.param("id");
    const inUse = [...roles.assignments.values()].some(({ roleDefinitionId }) => roleDefinitionId === id);
    if (inUse) throw badRequest("The role definition is assigned and cannot be deleted.");
    if (!roles.definitions.delete(id)) throw notFound(id);
    return c.body(null, 204);
  });
  routes.delete("/roleAssignments/:id", (c) => {
    requireRight(c.get("caller"), "write roles");
    if (!roles.assignments.delete(c.req.param("id"))) throw notFound(c.req.param("id"));
    return c.body(null, 204);
  });
  return routes;
}

/** Whether a role of the caller allows to update the credentials of this application. */
export function mayUpdateCredentials({ state }: Directory, principalId: string, applicationId: string): boolean {
  const { definitions, assignments } = state.roles;
  return [...assignments.values()].some(
    (one) =>
      one.principalId === principalId &&
      one.applicationId === applicationId &&
      definitions.get(one.roleDefinitionId)?.actions.includes(UPDATE_CREDENTIALS),
  );
}
