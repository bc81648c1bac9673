import { type Context, Hono } from "hono";
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

/** Everybody may read this, so what concerns the client secret is left out. */
function authentication(server: Server, origin: string): object {
  const settings = server.security.current(origin).authenticationConfiguration;
  const { provider, providerName, publicKeyUrls, authority, clientId, callbackUrl } = settings;
  const { jwtPrincipalClaims, enableSelfSignup, clientType, responseType } = settings;
  return {
    ...{
      provider,
      providerName,
      publicKeyUrls,
      authority,
      clientId,
      callbackUrl,
      jwtPrincipalClaims,
      enableSelfSignup,
    },
    ...(features(server).confidentialClients ? { clientType, responseType } : {}),
  };
}

function authorizer(server: Server): object {
  const settings = server.security.current().authorizerConfiguration;
  const { className, containerRequestFilter, adminPrincipals, principalDomain } = settings;
  const { enforcePrincipalDomain, enableSecureSocketConnection } = settings;
  return {
    ...{ className, containerRequestFilter, adminPrincipals, principalDomain },
    ...{ enforcePrincipalDomain, enableSecureSocketConnection },
  };
}
