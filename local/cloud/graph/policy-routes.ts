import { Hono } from "hono";
import type { Directory } from "../directory/create-directory.ts";
import { answerMany, answerOne } from "./answer.ts";
import { readApplication } from "./applications/find.ts";
import type { Authenticated } from "./caller.ts";
import { readKey } from "./odata/path.ts";
import { readQuery } from "./odata/query.ts";
import { requireRight } from "./permissions.ts";

const LIST = {
  properties: ["id", "deletedDateTime", "displayName", "description", "isEnabled", "restrictions"],
  filterable: ["displayName"],
};

/** The policies that say what applications may have, for reading; they are set through the directory. */
export function policyRoutes(directory: Directory): Hono<Authenticated> {
  const routes = new Hono<Authenticated>();

  routes.get("/policies/defaultAppManagementPolicy", (c) => {
    requireRight(c.get("caller"), "read policies");
    const query = readQuery(c, { type: "microsoft.graph.tenantAppManagementPolicy" });
    const policy = {
      ...directory.policies.tenant,
      deletedDateTime: null,
      servicePrincipalRestrictions: { passwordCredentials: [], keyCredentials: [] },
    };
    return answerOne(c, policy, { set: "policies/defaultAppManagementPolicy", query });
  });

  routes.get("/policies/appManagementPolicies", (c) => {
    requireRight(c.get("caller"), "read policies");
    const query = readQuery(c, { type: "microsoft.graph.appManagementPolicy", list: LIST });
    // One policy may be assigned to many applications.
    const policies = new Map([...directory.policies.ofApplication.values()].map((policy) => [policy.id, policy]));
    const shown = [...policies.values()].map((policy) => ({ deletedDateTime: null, ...policy }));
    return answerMany(c, shown, { set: "policies/appManagementPolicies", query });
  });

  routes.get("/applications/:key/appManagementPolicies", (c) => {
    requireRight(c.get("caller"), "read policies");
    const query = readQuery(c, { type: "microsoft.graph.appManagementPolicy", list: LIST });
    const { id } = readApplication(directory, readKey(c.req.param("key"), ["appId"]));
    const policy = directory.policies.ofApplication.get(id);
    const policies = policy ? [{ deletedDateTime: null, ...policy }] : [];
    return answerMany(c, policies, { set: "appManagementPolicies", query });
  });
  return routes;
}
