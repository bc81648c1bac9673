import { type Context, Hono } from "hono";
import { context } from "./answer.ts";
import type { Authenticated } from "./caller.ts";
import { requireRight } from "./permissions.ts";
import { notModelled } from "./refusal.ts";

/**
 * `GET /applications/{id}/appRoles` and the like: one property by itself (OASIS: "OData Version 4.01, Part 1", 11.2.6).
 * To be added after all routes that begin in the same way.
 */
export function propertyRoutes(set: string, read: (c: Context<Authenticated>) => object): Hono<Authenticated> {
  const routes = new Hono<Authenticated>();
  routes.get("/:key/:property", (c) => {
    requireRight(c.get("caller"), "read applications");
    const property = c.req.param("property");
    const found = Object.entries(read(c)).find(([name]) => name === property);
    if (!found) throw notModelled(`${c.req.method} ${c.req.path}`);
    const [, value] = found;
    return c.json({ "@odata.context": context(c, `${set}('${c.req.param("key")}')/${property}`), value });
  });
  return routes;
}
