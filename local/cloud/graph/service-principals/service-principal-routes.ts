import { type Context, Hono } from "hono";
import type { Directory } from "../../directory/create-directory.ts";
import type { ServicePrincipal } from "../../directory/service-principal.ts";
import { answerMany, answerOne } from "../answer.ts";
import { merged } from "../applications/application-writes.ts";
import type { Authenticated } from "../caller.ts";
import { assignmentAnswer } from "../consent/app-role-assignment-routes.ts";
import { hasKey, type Key, readKey } from "../odata/path.ts";
import { type Query, readQuery } from "../odata/query.ts";
import { requireOwner, requireRight } from "../permissions.ts";
import { wantsCreation } from "../prefer.ts";
import { notFound } from "../refusal.ts";
import { readBody } from "../request-body.ts";
import { servicePrincipalAnswer } from "./service-principal-answer.ts";
import { SERVICE_PRINCIPAL_CHANGE, SERVICE_PRINCIPAL_CREATION } from "./service-principal-body.ts";
import { createServicePrincipal, ownersOf } from "./service-principal-writes.ts";

const TYPE = "microsoft.graph.servicePrincipal";
const SET = "servicePrincipals";
const EXPANDABLE = ["appRoleAssignments"];

/** `/servicePrincipals`: reading, creating, upserting and changing (Microsoft Learn: "servicePrincipal resource type"). */
export function servicePrincipalRoutes(directory: Directory): Hono<Authenticated> {
  const routes = new Hono<Authenticated>();
  const { servicePrincipals } = directory.state;

  routes.get("/", (c) => {
    requireRight(c.get("caller"), "read applications");
    const query = readQuery(c, { type: TYPE, filterable: ["appId"], expandable: EXPANDABLE, paged: true });
    const principals = servicePrincipals.list(directory.delayOfReads());
    return answerMany(
      c,
      principals.map((principal) => shown(principal, directory, query)),
      { set: SET, query },
    );
  });

  routes.get("/:key", (c) => {
    requireRight(c.get("caller"), "read applications");
    const query = readQuery(c, { type: TYPE, expandable: EXPANDABLE });
    const principal = readServicePrincipal(directory, readKey(c.req.param("key"), ["appId"]));
    return answerOne(c, shown(principal, directory, query), { set: SET, query });
  });

  routes.post("/", async (c) => {
    const caller = c.get("caller");
    const right = requireRight(caller, "write service principals");
    const body = await readBody(c, SERVICE_PRINCIPAL_CREATION);
    const created = createServicePrincipal(directory, body, { caller, right });
    return answerOne(c, servicePrincipalAnswer(created, directory), { set: SET, status: 201 });
  });

  routes.patch("/:key", (c) => patch(c, directory));
  return routes;
}

async function patch(c: Context<Authenticated>, directory: Directory): Promise<Response> {
  const { servicePrincipals } = directory.state;
  const caller = c.get("caller");
  const right = requireRight(caller, "write service principals");
  const key = readKey(c.req.param("key") ?? "", ["appId"]);
  const change = await readBody(c, SERVICE_PRINCIPAL_CHANGE);
  const isUpsert = key.by === "appId" && wantsCreation(c);
  const delay = isUpsert ? undefined : directory.delayOfReferences();
  const existing = servicePrincipals.list(delay).find((principal) => hasKey(principal, key));
  if (existing) {
    requireOwner(right, caller, ownersOf(directory, existing));
    servicePrincipals.put(existing.id, merged(existing, change));
    return c.body(null, 204);
  }
  if (!isUpsert) throw notFound(key.value);
  const created = createServicePrincipal(directory, { appId: key.value, ...change }, { caller, right });
  return answerOne(c, servicePrincipalAnswer(created, directory), { set: SET, status: 201 });
}

/** The service principal as readers see it now. */
export function readServicePrincipal(directory: Directory, key: Key): ServicePrincipal {
  const seen = directory.state.servicePrincipals.list(directory.delayOfReads());
  const principal = seen.find((candidate) => hasKey(candidate, key));
  if (!principal) throw notFound(key.value);
  return principal;
}

function shown(principal: ServicePrincipal, directory: Directory, query: Query): object {
  const answer = servicePrincipalAnswer(principal, directory);
  if (!query.expand.includes("appRoleAssignments")) return answer;
  const assignments = directory.state.assignments.list(directory.delayOfReads());
  const own = assignments.filter(({ principalId }) => principalId === principal.id);
  return { ...answer, appRoleAssignments: own.map((assignment) => assignmentAnswer(assignment, directory)) };
}
