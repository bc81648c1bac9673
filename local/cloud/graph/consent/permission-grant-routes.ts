import { type Context, Hono } from "hono";
import { z } from "zod";
import { newGrant, type PermissionGrant } from "../../directory/consent.ts";
import type { Directory } from "../../directory/create-directory.ts";
import { answerMany, answerOne } from "../answer.ts";
import type { Authenticated } from "../caller.ts";
import type { Filter } from "../odata/filter.ts";
import { readKey } from "../odata/path.ts";
import { type QueryRules, readQuery } from "../odata/query.ts";
import { withinReach } from "../odata/within-reach.ts";
import { requireRight } from "../permissions.ts";
import { badRequest, invalidValue, notFound, refuse } from "../refusal.ts";
import { type BodyRules, readBody } from "../request-body.ts";
import { replicatedExposed, replicatedPrincipal } from "../service-principals/exposed.ts";
import { PRINCIPAL_KEYS, readServicePrincipal } from "../service-principals/find.ts";

const RESOURCE = "OAuth2PermissionGrant";
const SET = "oauth2PermissionGrants";
const TYPE = "microsoft.graph.oAuth2PermissionGrant";
const LISTED: QueryRules = {
  type: TYPE,
  list: {
    properties: ["id", "clientId", "consentType", "principalId", "resourceId", "scope"],
    filterable: ["id", "clientId", "consentType", "principalId", "resourceId", "scope"],
  },
};

const scope = z.string().max(3850);
const creation = z.strictObject({
  clientId: z.guid(),
  consentType: z.enum(["AllPrincipals", "Principal"]),
  principalId: z.guid().nullable().default(null),
  resourceId: z.guid(),
  scope,
});
const CREATION: BodyRules<z.infer<typeof creation>> = { resource: RESOURCE, schema: creation };
const change = z.strictObject({ scope });
const CHANGE: BodyRules<z.infer<typeof change>> = {
  resource: RESOURCE,
  schema: change,
  readOnly: ["id", "clientId", "consentType", "principalId", "resourceId"],
};

/**
 * `/oauth2PermissionGrants`, delegated consent (Microsoft Learn: "oAuth2PermissionGrant resource type"), and the same below the
 * client's service principal. They come in the order in which they were made, people's own among them.
 */
export function permissionGrantRoutes(directory: Directory): Hono<Authenticated> {
  const routes = new Hono<Authenticated>();
  const { grants } = directory.state;

  const seen = (c: Context<Authenticated>, filter?: Filter): PermissionGrant[] => {
    requireRight(c.get("caller"), "read grants");
    return withinReach(grants, filter, { names: ["clientId", "resourceId"], delay: directory.delayOfReads() });
  };
  const find = (c: Context<Authenticated>): PermissionGrant => {
    requireRight(c.get("caller"), "write grants");
    const grant = grants.get(c.req.param("id") ?? "");
    if (!grant) throw notFound(c.req.param("id") ?? "");
    return grant;
  };

  routes.get("/oauth2PermissionGrants", (c) => {
    const query = readQuery(c, LISTED);
    return answerMany(c, seen(c, query.filter), { set: SET, query });
  });
  routes.get("/oauth2PermissionGrants/:id", (c) => {
    const grant = seen(c).find(({ id }) => id === c.req.param("id"));
    if (!grant) throw notFound(c.req.param("id"));
    return answerOne(c, grant, { set: SET, query: readQuery(c, { type: TYPE }) });
  });
  routes.get("/servicePrincipals/:key/oauth2PermissionGrants", (c) => {
    requireRight(c.get("caller"), "read grants");
    const { id } = readServicePrincipal(directory, readKey(c.req.param("key"), PRINCIPAL_KEYS));
    const own = grants.bearing("clientId", id, directory.delayOfReads());
    return answerMany(c, own, { set: SET, query: readQuery(c, LISTED) });
  });

  routes.post("/oauth2PermissionGrants", async (c) => {
    requireRight(c.get("caller"), "write grants");
    const wanted = await readBody(c, CREATION);
    checkReferences(directory, wanted);
    checkScope(directory, wanted);
    if (grants.bearing("clientId", wanted.clientId).some((grant) => isForTheSame(grant, wanted))) {
      throw refuse(409, "Request_MultipleObjectsWithSameKeyValue", "Permission entry already exists.");
    }
    const grant = newGrant(wanted);
    grants.put(grant.id, grant);
    return answerOne(c, grant, { set: SET, status: 201 });
  });

  routes.patch("/oauth2PermissionGrants/:id", async (c) => {
    requireRight(c.get("caller"), "write grants");
    const body = await readBody(c, CHANGE);
    const grant = find(c);
    const changed = { ...grant, scope: body.scope };
    checkScope(directory, changed);
    grants.put(grant.id, changed);
    return c.body(null, 204);
  });

  routes.delete("/oauth2PermissionGrants/:id", (c) => {
    grants.remove(find(c).id);
    return c.body(null, 204);
  });
  return routes;
}

function checkReferences(directory: Directory, { clientId, resourceId, consentType, principalId }: Wanted): void {
  if (consentType === "AllPrincipals" && principalId !== null) throw invalidValue("principalId", RESOURCE);
  if (consentType === "Principal" && principalId === null) throw invalidValue("principalId", RESOURCE);
  for (const id of [clientId, resourceId, ...(principalId === null ? [] : [principalId])]) {
    if (replicatedPrincipal(directory, id) || (id === principalId && directory.state.people.has(id))) continue;
    // 400 where other requests answer 404 to the same sentence; both are reported.
    throw badRequest(
      `Resource '${id}' does not exist or one of its queried reference-property objects are not present.`,
    );
  }
}

/** Scopes that the resource does not expose are refused; what Graph says to them is unverified. */
function checkScope(directory: Directory, { resourceId, scope }: Wanted): void {
  const resource = replicatedPrincipal(directory, resourceId);
  const exposed = resource ? replicatedExposed(directory, resource).scopes : [];
  const known = exposed.filter(({ isEnabled }) => isEnabled).map(({ value }) => value);
  const words = scope.split(" ").filter((word) => word !== "");
  if (words.length === 0) throw invalidValue("scope", RESOURCE);
  if (words.some((word) => !known.includes(word))) throw invalidValue("scope", RESOURCE);
}

type Wanted = Omit<PermissionGrant, "id">;

function isForTheSame(one: Wanted, other: Wanted): boolean {
  return (
    one.clientId === other.clientId &&
    one.resourceId === other.resourceId &&
    one.consentType === other.consentType &&
    one.principalId === other.principalId
  );
}
