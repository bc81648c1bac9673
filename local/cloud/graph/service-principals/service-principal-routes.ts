import { type Context, Hono } from "hono";
import type { Directory } from "../../directory/create-directory.ts";
import { newServicePrincipal, type ServicePrincipal } from "../../directory/service-principal.ts";
import { softDeletePrincipal } from "../../directory/soft-delete.ts";
import { answerCount, answerMany, answerOne } from "../answer.ts";
import type { Authenticated } from "../caller.ts";
import { assignmentAnswer } from "../consent/assignment-answer.ts";
import { merged } from "../merged.ts";
import { expanded } from "../odata/expansion.ts";
import type { Filter } from "../odata/filter.ts";
import { readKey } from "../odata/path.ts";
import { type Query, type QueryRules, readQuery } from "../odata/query.ts";
import { withinReach } from "../odata/within-reach.ts";
import { ownerAnswers } from "../owner-answers.ts";
import { requireOwner, requireRight } from "../permissions.ts";
import { wantsCreation } from "../prefer.ts";
import { notFound } from "../refusal.ts";
import { readBody } from "../request-body.ts";
import { findPrincipal, ownersOf, PRINCIPAL_KEYS, principalToChange, readServicePrincipal } from "./find.ts";
import { servicePrincipalAnswer } from "./service-principal-answer.ts";
import { SERVICE_PRINCIPAL_CHANGE, SERVICE_PRINCIPAL_CREATION } from "./service-principal-body.ts";
import { createServicePrincipal } from "./service-principal-writes.ts";

const SET = "servicePrincipals";
const ONE: QueryRules = {
  type: "microsoft.graph.servicePrincipal",
  unmodelled: ["customSecurityAttributes"],
  expandable: ["appRoleAssignments", "appRoleAssignedTo", "oauth2PermissionGrants", "owners"],
};

function rulesOfLists(directory: Directory): QueryRules {
  return {
    ...ONE,
    list: {
      properties: Object.keys(servicePrincipalAnswer(newServicePrincipal(""), directory)),
      filterable: [
        "id",
        "accountEnabled",
        "alternativeNames",
        "appDisplayName",
        "appId",
        "appOwnerOrganizationId",
        "displayName",
        "homepage",
        "servicePrincipalNames",
        "servicePrincipalType",
        "tags",
      ],
      sortable: ["displayName"],
      searchable: ["displayName", "description"],
    },
  };
}

/** `/servicePrincipals`: reading, creating, upserting, changing and deleting (Microsoft Learn: "servicePrincipal resource type"). */
export function servicePrincipalRoutes(directory: Directory): Hono<Authenticated> {
  const routes = new Hono<Authenticated>();
  const ofLists = rulesOfLists(directory);
  const seen = (c: Context<Authenticated>, filter?: Filter): ServicePrincipal[] => {
    requireRight(c.get("caller"), "read applications");
    const delay = directory.delayOfReads();
    return withinReach(directory.state.servicePrincipals, filter, { names: ["id", "appId"], delay });
  };

  routes.get("/", (c) => {
    const query = readQuery(c, ofLists);
    return answerMany(
      c,
      seen(c, query.filter).map((principal) => shown(principal, directory, query)),
      { set: SET, query },
    );
  });

  routes.get("/$count", (c) =>
    answerCount(
      c,
      seen(c).map((principal) => servicePrincipalAnswer(principal, directory)),
      ofLists,
    ),
  );

  routes.get("/:key", (c) => {
    requireRight(c.get("caller"), "read applications");
    const query = readQuery(c, ONE);
    const principal = readServicePrincipal(directory, readKey(c.req.param("key"), PRINCIPAL_KEYS));
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
  routes.delete("/:key", (c) => {
    softDeletePrincipal(directory.state, principalToChange(c, directory, "write service principals"));
    return c.body(null, 204);
  });
  return routes;
}

async function patch(c: Context<Authenticated>, directory: Directory): Promise<Response> {
  const { servicePrincipals } = directory.state;
  const caller = c.get("caller");
  const right = requireRight(caller, "write service principals");
  const key = readKey(c.req.param("key") ?? "", PRINCIPAL_KEYS);
  const change = await readBody(c, SERVICE_PRINCIPAL_CHANGE);
  const isUpsert = key.by === "appId" && wantsCreation(c);
  const delay = isUpsert ? undefined : directory.delayOfReferences();
  const existing = findPrincipal(directory, key, delay);
  if (existing) {
    requireOwner(right, caller, ownersOf(directory, existing));
    servicePrincipals.put(existing.id, merged(existing, change));
    return c.body(null, 204);
  }
  if (!isUpsert) throw notFound(key.value);
  const created = createServicePrincipal(directory, { appId: key.value, ...change }, { caller, right });
  return answerOne(c, servicePrincipalAnswer(created, directory), { set: SET, status: 201 });
}

function shown(principal: ServicePrincipal, directory: Directory, { expand }: Query): object {
  const { assignments, grants } = directory.state;
  const related = (name: string): object[] => {
    if (name === "owners") return ownerAnswers(principal.owners, directory);
    if (name === "oauth2PermissionGrants") {
      return grants.bearing("clientId", principal.id, directory.delayOfReads());
    }
    const end = name === "appRoleAssignedTo" ? "resourceId" : "principalId";
    const own = assignments.bearing(end, principal.id, directory.delayOfReads());
    return own.map((assignment) => assignmentAnswer(assignment, directory));
  };
  return expanded(servicePrincipalAnswer(principal, directory), expand, related);
}
