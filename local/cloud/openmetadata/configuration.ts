import { type Context, Hono } from "hono";
import { DEFAULT_PRINCIPAL_CLAIMS } from "./options.ts";
import { noSuchPath } from "./refusal.ts";
import { features, originOf, type Server } from "./server.ts";

/** The discovery endpoints, which need no token. In 0.x they lie directly under `/v1`, later under `/v1/system`. */
export function configurationRoutes(server: Server): Hono {
  const routes = new Hono();
  for (const base of ["/v1", "/v1/system"] as const) {
    const here = (answer: (c: Context) => object) => (c: Context) => {
      if (features(server).discovery !== base) throw noSuchPath();
      return c.json(answer(c));
    };
    routes.get(
      `${base}/version`,
      here(() => version(server)),
    );
    routes.get(
      `${base}/config/auth`,
      here((c) => authentication(server, originOf(c))),
    );
    routes.get(
      `${base}/config/authorizer`,
      here(() => authorizer(server)),
    );
    routes.get(
      `${base}/config/jwks`,
      here(() => server.ownKeys.jwks),
    );
  }
  // Liveness only: it says nothing of the database or of the runner.
  routes.get("/v1/system/health", (c) => {
    if (!features(server).health) throw noSuchPath();
    return c.text("OK");
  });
  return routes;
}

function version({ options }: Server): object {
  const built = Date.UTC(2024, 0, 15);
  return { version: options.release, revision: "5f6b0d3c8e1a94727b90d2c4f1e83a6d50c7b9e2", timestamp: built };
}

function authentication(server: Server, origin: string): object {
  const { publicKeyUrls, authority, clientId, jwtPrincipalClaims } = server.options;
  return {
    provider: "azure",
    providerName: "",
    publicKeyUrls: publicKeyUrls(),
    authority: authority(),
    clientId: clientId(),
    callbackUrl: `${origin}/callback`,
    jwtPrincipalClaims: jwtPrincipalClaims ?? DEFAULT_PRINCIPAL_CLAIMS,
    enableSelfSignup: true,
    ...(features(server).confidentialClients ? clientSettings(server) : {}),
  };
}

function clientSettings({ options }: Server): object {
  return options.flow === "auth-code"
    ? { clientType: "confidential", responseType: "code" }
    : { clientType: "public", responseType: "id_token" };
}

function authorizer({ options }: Server): object {
  return {
    className: "org.openmetadata.service.security.DefaultAuthorizer",
    containerRequestFilter: "org.openmetadata.service.security.JwtFilter",
    adminPrincipals: [...new Set(options.adminPrincipals)],
    principalDomain: options.principalDomain,
    enforcePrincipalDomain: options.enforcePrincipalDomain ?? false,
    enableSecureSocketConnection: false,
  };
}
