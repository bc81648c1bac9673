import { createHash, randomUUID } from "node:crypto";
import { Hono } from "hono";
import type { Directory } from "../directory/create-directory.ts";
import type { ServicePrincipal } from "../directory/service-principal.ts";
import { appOnlyClaims } from "./access-token.ts";
import { refusalIn } from "./refusal.ts";
import { requireResource } from "./requested-resource.ts";
import type { Doorkeeper } from "./turn-away.ts";

export interface ManagedIdentityOptions {
  directory: Directory;
  doorkeeper: Doorkeeper;
  /** What the app finds in IDENTITY_HEADER. */
  header: string;
  /** Where Entra, the issuer, is reached. */
  origin: () => string;
  lifetimeSeconds: number;
  /** See `Entra.platformKeepsTokens`. */
  keepsTokens: () => boolean;
}

/** A token as the platform keeps it. */
interface Kept {
  token: string;
  /** Epoch seconds. */
  expires: number;
}

/** The platform asks for a new one when half of the life is over (a choice; nobody documents the moment). */
const RENEWED_AFTER = 0.5;

/**
 * The endpoint that App Service gives its apps, `GET /msi/token`, version 2019-08-01 (Microsoft Learn: "How to use
 * managed identities for App Service and Azure Functions"). Every managed identity of the tenant is assigned to the
 * app; none of them is its system-assigned one, so that a request has to say which it means. The answers to a wrong
 * resource or header are documented nowhere: 400 and 401 are the most likely. Of later clients it takes the parameters
 * `xms_cc` and `token_sha256_to_refresh`, with which they ask past what the platform keeps.
 */
export function managedIdentityApp(options: ManagedIdentityOptions): Hono {
  const { directory, doorkeeper, header } = options;
  const app = new Hono();
  const kept = new Map<string, Kept>();

  app.get("/msi/token", async (c) => {
    const retryAfter = doorkeeper.tooMany();
    if (retryAfter !== undefined) {
      return c.json(problem(429, "Too many requests."), 429, { "Retry-After": String(retryAfter) });
    }
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
    const place = `${client.id} ${named}`;
    const old = options.keepsTokens() ? kept.get(place) : undefined;
    const isGood = old !== undefined && isFresh(old, options) && !isNamed(old, c.req.query("token_sha256_to_refresh"));
    const { token, expires } = isGood ? old : await issue(client, named, options);
    kept.set(place, { token, expires });
    return c.json({
      access_token: token,
      expires_on: String(expires),
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

async function issue(client: ServicePrincipal, named: string, options: ManagedIdentityOptions): Promise<Kept> {
  const { directory, origin, lifetimeSeconds } = options;
  const resource = requireResource(directory, named);
  const claims = appOnlyClaims(directory, { client, resource, proof: "2", origin: origin(), lifetimeSeconds });
  return { token: await directory.keys.sign(claims), expires: claims.exp ?? 0 };
}

function isFresh({ expires }: Kept, { directory, lifetimeSeconds }: ManagedIdentityOptions): boolean {
  return expires - directory.state.clock.now().getTime() / 1000 > lifetimeSeconds * RENEWED_AFTER;
}

/** A client that was refused its token names it by its hash and gets another one. */
function isNamed({ token }: Kept, hash: string | undefined): boolean {
  return hash !== undefined && createHash("sha256").update(token).digest("hex") === hash.toLowerCase();
}

function findIdentity({ state }: Directory, query: Record<string, string>): ServicePrincipal | undefined {
  const { client_id: clientId = "", principal_id: principalId = "" } = query;
  const { servicePrincipals } = state;
  return [...servicePrincipals.bearing("appId", clientId), ...servicePrincipals.bearing("id", principalId)].find(
    ({ type, appId, id }) => type === "ManagedIdentity" && (appId === clientId || id === principalId),
  );
}

function problem(statusCode: number, message: string) {
  return { statusCode, message, correlationId: randomUUID() };
}
