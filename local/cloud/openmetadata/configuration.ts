import { type Context, Hono } from "hono";
import { noSuchPath } from "./refusal.ts";
import type { SecurityConfiguration } from "./security-configuration.ts";
import { features, originOf, type Server } from "./server.ts";

const PUBLIC_SAML = {
  idp: {
    authorityUrl: "http://localhost:8585/api/v1/saml/login",
    nameId: "urn:oasis:names:tc:SAML:2.0:nameid-format:emailAddress",
  },
  debugMode: false,
};

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

/** Everybody may read this, so what concerns the client secret is left out, and in later releases the keys too. */
function authentication(server: Server, origin: string): object {
  const { confidentialClients, publicConfiguration, publicSaml } = features(server);
  const settings = server.security.current(origin).authenticationConfiguration;
  const { provider, providerName, publicKeyUrls, authority, clientId, callbackUrl } = settings;
  const { jwtPrincipalClaims, enableSelfSignup } = settings;
  const withheld = publicConfiguration === "withheld";
  const told = {
    provider,
    providerName,
    publicKeyUrls: withheld ? [] : publicKeyUrls,
    authority,
    clientId,
    callbackUrl,
  };
  return {
    ...told,
    ...{ jwtPrincipalClaims, enableSelfSignup },
    ...(publicSaml ? { samlConfiguration: PUBLIC_SAML } : {}),
    ...(confidentialClients ? later(settings) : {}),
  };
}

/** What releases that can be confidential clients tell besides; the response type is the environment's, whatever counts. */
function later(settings: SecurityConfiguration["authenticationConfiguration"]): object {
  const { clientType, responseType, tokenValidationAlgorithm, jwtPrincipalClaimsMapping } = settings;
  const { forceSecureSessionCookie, enableAutoRedirect } = settings;
  return {
    ...{ clientType, responseType, tokenValidationAlgorithm, jwtPrincipalClaimsMapping },
    ...{ forceSecureSessionCookie, enableAutoRedirect },
  };
}

/** Who is let in. Where it is withheld there are empty lists instead, and no word of what is enforced. */
function authorizer(server: Server): object {
  const settings = server.security.current().authorizerConfiguration;
  const { principalDomain, className, containerRequestFilter, adminPrincipals } = settings;
  const { enforcePrincipalDomain, enableSecureSocketConnection, allowedEmailRegistrationDomains } = settings;
  if (features(server).publicConfiguration === "withheld") {
    const empty = { adminPrincipals: [], testPrincipals: [], allowedEmailRegistrationDomains: [], allowedDomains: [] };
    return { ...empty, principalDomain, useRolesFromProvider: false };
  }
  return {
    ...{ className, containerRequestFilter, adminPrincipals, testPrincipals: [], allowedEmailRegistrationDomains },
    ...{ principalDomain, enforcePrincipalDomain, enableSecureSocketConnection },
  };
}
