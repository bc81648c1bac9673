import { type Context, Hono } from "hono";
import type { Directory } from "../directory/create-directory.ts";
import { issuer, requireTenant, writtenOrigin } from "./tenant.ts";

/** OpenID Connect Discovery, for v2 and for v1 tokens, and the keys that both are signed with. */
export function metadataRoutes(directory: Directory): Hono {
  const routes = new Hono();

  routes.get("/:tenant/v2.0/.well-known/openid-configuration", (c) => {
    const tenantId = requireTenant(directory, c.req.param("tenant"));
    return c.json(
      configuration(c, { directory, tenantId }, { version: 2, folder: "oauth2/v2.0", keys: "discovery/v2.0/keys" }),
    );
  });
  routes.get("/:tenant/.well-known/openid-configuration", (c) => {
    const tenantId = requireTenant(directory, c.req.param("tenant"));
    return c.json(configuration(c, { directory, tenantId }, { version: 1, folder: "oauth2", keys: "discovery/keys" }));
  });

  const keys = async (c: Context): Promise<Response> => {
    const tenant = c.req.param("tenant") ?? "";
    // The keys are the same for all tenants, so that they can also be asked for without naming one.
    if (tenant !== "common") requireTenant(directory, tenant);
    return c.json({ keys: await directory.keys.published() });
  };
  routes.get("/:tenant/discovery/v2.0/keys", keys);
  routes.get("/:tenant/discovery/keys", keys);
  return routes;
}

function configuration(
  c: Context,
  { directory, tenantId }: { directory: Directory; tenantId: string },
  { version, folder, keys }: { version: 1 | 2; folder: string; keys: string },
) {
  const { origin } = new URL(c.req.url);
  const base = `${origin}/${tenantId}`;
  const written = writtenOrigin(origin, directory);
  return {
    issuer: issuer(written, tenantId, version),
    token_endpoint: `${base}/${folder}/token`,
    authorization_endpoint: `${base}/${folder}/authorize`,
    device_authorization_endpoint: `${base}/${folder}/devicecode`,
    end_session_endpoint: `${base}/${folder}/logout`,
    jwks_uri: `${written}/${tenantId}/${keys}`,
    token_endpoint_auth_methods_supported: ["client_secret_post", "private_key_jwt", "client_secret_basic"],
    response_modes_supported: ["query", "fragment", "form_post"],
    response_types_supported: ["code", "id_token", "code id_token", "id_token token"],
    scopes_supported: ["openid", "profile", "email", "offline_access"],
    subject_types_supported: ["pairwise"],
    id_token_signing_alg_values_supported: ["RS256"],
  };
}
