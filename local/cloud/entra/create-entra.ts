import { randomUUID } from "node:crypto";
import { Hono } from "hono";
import { HTTPException } from "hono/http-exception";
import type { JWTPayload } from "jose";
import type { Clock } from "../../clock.ts";
import type { Directory } from "../directory/create-directory.ts";
import { managedIdentityApp } from "./managed-identity.ts";
import { metadataRoutes } from "./metadata.ts";
import { notModelled, refusalAnswer, refusalIn } from "./refusal.ts";
import { issuer, writtenOrigin } from "./tenant.ts";
import { tokenRoutes } from "./token-endpoint.ts";
import { createDoorkeeper, type TurnAway } from "./turn-away.ts";

export interface EntraOptions {
  directory: Directory;
  clock: Clock;
  /** How long a managed identity's token lasts; default a day, for which the platform keeps it and its roles. */
  managedIdentitySeconds?: number;
}

export interface Entra extends TurnAway {
  /** The authority: serve it over TLS, for example as `login.localhost`. */
  app: Hono;
  /** The token endpoint of App Service: serve it over plain HTTP; IDENTITY_ENDPOINT is its URL and `/msi/token`. */
  managedIdentity: Hono;
  /** What the app has to find in IDENTITY_HEADER. */
  identityHeader: string;
  /**
   * Whether the platform hands out a managed identity's token, roles and all, again and again until shortly before its
   * end, as App Service does; off at first, so that every request gets a new one.
   */
  platformKeepsTokens: boolean;
  /**
   * Where `app` is reached: set it once it is served. It names the issuer of tokens that are not asked for there: a
   * managed identity's, and those of `issueToken`.
   */
  origin: string;
  /** Signs a v2 token for an hour with these claims in place of, or beside, the usual ones; `undefined` omits one. */
  issueToken(claims: JWTPayload): Promise<string>;
  /** The same, with a foreign key that goes by the same key id. */
  forgeToken(claims: JWTPayload): Promise<string>;
}

/** The client id of the Azure CLI, in every tenant. */
const AZURE_CLI = "04b07795-8ddb-461a-bbee-02f9e1bf7b46";

const HOUR = 60 * 60;
const DAY = 24 * HOUR;

/** Microsoft Entra ID as issuer of tokens for applications and managed identities. */
export function createEntra({ directory, clock, managedIdentitySeconds = DAY }: EntraOptions): Entra {
  const app = new Hono();
  app.route("/", metadataRoutes(directory));
  const doorkeeper = createDoorkeeper();
  app.route("/", tokenRoutes(directory, doorkeeper));
  app.notFound((c) => {
    throw notModelled(`${c.req.method} ${c.req.path.replace(/^\/[^/]*/, "/{tenant}")}`);
  });
  app.onError((error, c) => {
    const refusal = refusalIn(error);
    if (!refusal && error instanceof HTTPException) return error.getResponse();
    if (!refusal) return c.json({ error: "server_error", error_description: error.message }, 500);
    const { origin } = new URL(c.req.url);
    const correlationId = c.req.header("client-request-id");
    return refusalAnswer(refusal, { now: clock.now(), origin, correlationId });
  });

  const identityHeader = randomUUID();
  const withDefaults = (claims: JWTPayload): JWTPayload => {
    const now = Math.floor(clock.now().getTime() / 1000);
    const usual = {
      iss: issuer(writtenOrigin(entra.origin, directory), directory.tenantId, 2),
      tid: directory.tenantId,
      ver: "2.0",
      // Every access token names whom it was issued to; id tokens do not.
      ...(claims.appid === undefined ? { azp: AZURE_CLI } : {}),
    };
    return { ...usual, iat: now, nbf: now, exp: now + HOUR, ...claims };
  };
  const entra: Entra = {
    app,
    refuseSignIns: doorkeeper.refuseSignIns,
    throttle: doorkeeper.throttle,
    platformKeepsTokens: false,
    managedIdentity: managedIdentityApp({
      directory,
      doorkeeper,
      header: identityHeader,
      origin: () => entra.origin,
      keepsTokens: () => entra.platformKeepsTokens,
      lifetimeSeconds: managedIdentitySeconds,
    }),
    identityHeader,
    origin: "https://login.localhost",
    issueToken: (claims) => directory.keys.sign(withDefaults(claims)),
    forgeToken: (claims) => directory.keys.forge(withDefaults(claims)),
  };
  return entra;
}
