import { Hono } from "hono";
import type { Directory } from "../directory/create-directory.ts";
import { answerMany } from "./answer.ts";
import type { Authenticated } from "./caller.ts";
import { readQuery } from "./odata/query.ts";
import { requireRight } from "./permissions.ts";

/** `/organization`: the tenant itself (Microsoft Learn: "List organization"), as far as clients ask who it is. */
export function organizationRoutes(directory: Directory): Hono<Authenticated> {
  const routes = new Hono<Authenticated>();
  routes.get("/organization", (c) => {
    requireRight(c.get("caller"), "read the organization");
    const name = directory.verifiedDomain;
    const organization = {
      id: directory.tenantId,
      deletedDateTime: null,
      displayName: "Example",
      tenantType: "AAD",
      verifiedDomains: [
        { capabilities: "Email, OfficeCommunicationsOnline", isDefault: true, isInitial: true, name, type: "Managed" },
      ],
    };
    const list = { properties: Object.keys(organization) };
    const query = readQuery(c, { type: "microsoft.graph.organization", unmodelled: "others", list });
    return answerMany(c, [organization], { set: "organization", query });
  });
  return routes;
}
