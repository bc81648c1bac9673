import { randomUUID } from "node:crypto";
import { Hono } from "hono";
import { HTTPException } from "hono/http-exception";
import type { Clock } from "../../clock.ts";
import type { Directory } from "../directory/create-directory.ts";
import { applicationRoutes } from "./applications/application-routes.ts";
import { federatedCredentialRoutes } from "./applications/federated-credential-routes.ts";
import { ownersOfApplications, propertiesOfApplications, secretsOfApplications } from "./applications/parts.ts";
import { passwordRoutes } from "./applications/password-routes.ts";
import { answerBatch } from "./batch.ts";
import { type Authenticated, readCaller } from "./caller.ts";
import { appRoleAssignmentRoutes } from "./consent/app-role-assignment-routes.ts";
import { permissionGrantRoutes } from "./consent/permission-grant-routes.ts";
import { deletedItemRoutes } from "./deleted-item-routes.ts";
import { odataPath } from "./odata/path.ts";
import { organizationRoutes } from "./organization-routes.ts";
import { ownerRoutes } from "./owner-routes.ts";
import { policyRoutes } from "./policy-routes.ts";
import { propertyRoutes } from "./property-routes.ts";
import { errorBody, notModelled, reasonIn, refuse } from "./refusal.ts";
import { roleRoutes } from "./roles/role-routes.ts";
import { ownersOfPrincipals, propertiesOfPrincipals, secretsOfPrincipals } from "./service-principals/parts.ts";
import { servicePrincipalRoutes } from "./service-principals/service-principal-routes.ts";

export interface Graph {
  /** The API under `/v1.0`: serve it over TLS, for example as `graph.localhost`. */
  app: Hono<Authenticated>;
  /** The most objects on a page of any list, whatever a client asks for; 999 at first, and settable. */
  pageSize: number;
}

/**
 * Microsoft Graph v1.0 with what concerns applications, their secrets, service principals, consent and the policies on
 * them. Every request needs a token of the directory for Graph, and the permission that its operation needs. Whatever
 * else Graph has is answered with 501, in words that Graph does not use.
 */
export function createGraph({ directory, clock }: { directory: Directory; clock: Clock }): Graph {
  const app = new Hono<Authenticated>({ getPath: odataPath });
  const graph: Graph = { app, pageSize: 999 };
  app.use(async (c, next) => {
    const requestId = randomUUID();
    c.set("requestId", requestId);
    c.set("clientRequestId", c.req.header("client-request-id") ?? requestId);
    c.set("pageSize", graph.pageSize);
    c.header("request-id", requestId);
    c.header("client-request-id", c.get("clientRequestId"));
    await next();
  });
  app.use("/v1.0/*", async (c, next) => {
    c.set("caller", await readCaller(c, directory));
    await next();
  });
  addRoutes(app.basePath("/v1.0"), directory);
  app.post("/v1.0/$batch", (c) => answerBatch(c, (request) => app.fetch(request)));

  app.notFound((c) => {
    throw notModelled(`${c.req.method} ${new URL(c.req.url).pathname}`);
  });
  app.onError((error, c) => {
    const status = error instanceof HTTPException ? error.status : 500;
    const ids = { requestId: c.get("requestId"), clientRequestId: c.get("clientRequestId") };
    return c.json(errorBody(error, { now: clock.now(), ...ids }), status, reasonIn(error).headers ?? {});
  });
  return graph;
}

function addRoutes(api: ReturnType<Hono<Authenticated>["basePath"]>, directory: Directory): void {
  api.route("/applications", applicationRoutes(directory));
  api.route("/applications", passwordRoutes(directory, secretsOfApplications(directory)));
  api.route("/applications", ownerRoutes(directory, ownersOfApplications(directory)));
  api.route("/applications", federatedCredentialRoutes(directory));
  api.route("/directory/deletedItems", deletedItemRoutes(directory));
  api.route("/servicePrincipals", servicePrincipalRoutes(directory));
  api.route("/servicePrincipals", passwordRoutes(directory, secretsOfPrincipals(directory)));
  api.route("/servicePrincipals", ownerRoutes(directory, ownersOfPrincipals(directory)));
  api.route("/servicePrincipals", appRoleAssignmentRoutes(directory));
  api.route("/", permissionGrantRoutes(directory));
  api.route("/", policyRoutes(directory));
  api.route("/", organizationRoutes(directory));
  api.route("/roleManagement/directory", roleRoutes(directory));
  api.route("/applications", propertyRoutes("applications", propertiesOfApplications(directory)));
  api.route("/servicePrincipals", propertyRoutes("servicePrincipals", propertiesOfPrincipals(directory)));
  for (const path of ["/me", "/me/*"]) {
    api.all(path, () => {
      throw refuse(400, "BadRequest", "/me request is only valid with delegated authentication flow.");
    });
  }
}
