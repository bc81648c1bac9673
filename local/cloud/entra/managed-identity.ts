import { randomUUID } from "node:crypto";
import { Hono } from "hono";
import type { Directory } from "../directory/create-directory.ts";
import type { ServicePrincipal } from "../directory/service-principal.ts";
import { appOnlyClaims } from "./access-token.ts";
import { refusalIn } from "./refusal.ts";
import { requireResource } from "./requested-resource.ts";

export interface ManagedIdentityOptions {
  directory: Directory;
  /** What the app finds in IDENTITY_HEADER. */
  header: string;
  /** Where Entra, the issuer, is reached. */
  origin: () => string;
  lifetimeSeconds: number;
}

/**
 * The endpoint that App Service gives its apps, `GET /msi/token`, version 2019-08-01 (Microsoft Learn: "How to use
 * managed identities for App Service and Azure Functions"). Every managed identity of the tenant is assigned to the
 * app; none of them is its system-assigned one, so that a request has to say which it means. The answers to a wrong
 * resource or header are documented nowhere: 400 and 401 are the most likely.
 */
export function managedIdentityApp(options: ManagedIdentityOptions): Hono {
  const { directory, header, origin, lifetimeSeconds } = options;
  const app = new Hono();

  app.get("/msi/token", async (c) => {
    if (c.req.header("x-identity-header") !== header)
      return c.json(problem(401, "The X-IDENTITY-HEADER is not valid."), 401);
    if (c.req.query("api-version") !== "2019-08-01")
      return c.json(problem(400, "The parameter api-version is invalid."), 400);
    const named = c.req.query("resource");
    if (!named) return c.json(problem(400, "The parameter resource is missing."), 400);
    const client = findIdentity(directory, c.req.query());
    if (!client) {
      const text =
        "No User Assigned or Delegated Managed Identity found for specified ClientId/ResourceId/PrincipalId.";
      return c.json(problem(400, text), 400);
    }
    const resource = requireResource(directory, named);
    const claims = appOnlyClaims(directory, { client, resource, proof: "2", origin: origin(), lifetimeSeconds });
    return c.json({
      access_token: await directory.keys.sign(claims),
      expires_on: String(claims.exp),
      resource: named,
      token_type: "Bearer",
      client_id: client.appId,
    });
  });

  app.notFound((c) => c.json(problem(404, "Not found."), 404));
  app.onError((error, c) => {
    const refusal = refusalIn(error);
    if (!refusal) return c.json(problem(500, error.message), 500);
    return c.json(problem(400, `AADSTS${refusal.code}: ${refusal.text}`), 400);
  });
  return app;
}

function findIdentity({ state }: Directory, query: Record<string, string>): ServicePrincipal | undefined {
  const { client_id: clientId, principal_id: principalId } = query;
  return state.servicePrincipals
    .list()
    .find(({ type, appId, id }) => type === "ManagedIdentity" && (appId === clientId || id === principalId));
}

function problem(statusCode: number, message: string) {
  return { statusCode, message, correlationId: randomUUID() };
}
