import { randomUUID } from "node:crypto";
import { Hono } from "hono";
import { HTTPException } from "hono/http-exception";
import type { Clock } from "../../clock.ts";
import type { Directory } from "../directory/create-directory.ts";
import { appRoleAssignmentRoutes } from "./app-role-assignment-routes.ts";
import { applicationRoutes } from "./application-routes.ts";
import { type Authenticated, readCaller } from "./caller.ts";
import { deletedItemRoutes } from "./deleted-item-routes.ts";
import { odataPath } from "./odata-path.ts";
import { ownerRoutes } from "./owner-routes.ts";
import { passwordRoutes } from "./password-routes.ts";
import { permissionGrantRoutes } from "./permission-grant-routes.ts";
import { policyRoutes } from "./policy-routes.ts";
import { errorBody, noSuchSegment } from "./refusal.ts";
import { servicePrincipalRoutes } from "./service-principal-routes.ts";

export interface Graph {
  /** The API under `/v1.0`: serve it over TLS, for example as `graph.localhost`. */
  app: Hono<Authenticated>;
}

/**
 * Microsoft Graph v1.0 with what concerns applications, their secrets, service principals, consent and the policies on
 * them. Every request needs a token of the directory for Graph, and the permission that its operation needs.
 */
export function createGraph({ directory, clock }: { directory: Directory; clock: Clock }): Graph {
  const app = new Hono<Authenticated>({ getPath: odataPath });
  app.use(async (c, next) => {
    const requestId = randomUUID();
    c.set("requestId", requestId);
    c.set("clientRequestId", c.req.header("client-request-id") ?? requestId);
    c.header("request-id", requestId);
    c.header("client-request-id", c.get("clientRequestId"));
    await next();
  });
  app.use("/v1.0/*", async (c, next) => {
    c.set("caller", await readCaller(c, directory));
    await next();
  });

  const api = app.basePath("/v1.0");
  api.route("/applications", applicationRoutes(directory));
  api.route("/applications", passwordRoutes(directory));
  api.route("/applications", ownerRoutes(directory));
  api.route("/directory/deletedItems", deletedItemRoutes(directory));
  api.route("/servicePrincipals", servicePrincipalRoutes(directory));
  api.route("/servicePrincipals", appRoleAssignmentRoutes(directory));
  api.route("/oauth2PermissionGrants", permissionGrantRoutes(directory));
  api.route("/", policyRoutes(directory));

  app.notFound((c) => {
    throw noSuchSegment(new URL(c.req.url).pathname);
  });
  app.onError((error, c) => {
    const status = error instanceof HTTPException ? error.status : 500;
    const ids = { requestId: c.get("requestId"), clientRequestId: c.get("clientRequestId") };
    return c.json(errorBody(error, { now: clock.now(), ...ids }), status);
  });
  return { app };
}
