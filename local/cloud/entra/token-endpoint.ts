import { Hono } from "hono";
import type { Directory } from "../directory/create-directory.ts";
import { applicationWithAppId } from "../directory/state.ts";
import { appOnlyClaims } from "./access-token.ts";
import { signIn } from "./client.ts";
import { readClientRequest } from "./client-request.ts";
import { refusalAnswer } from "./refusal.ts";
import { resourceOfScope } from "./requested-resource.ts";
import { requireTenant } from "./tenant.ts";
import { type Doorkeeper, TOO_BUSY } from "./turn-away.ts";

const HOUR = 60 * 60;

/**
 * `POST /{tenant}/oauth2/v2.0/token` with client credentials (Microsoft Learn: "OAuth 2.0 client credentials flow on
 * the Microsoft identity platform"). Flows with a person are not modelled.
 */
export function tokenRoutes(directory: Directory, doorkeeper: Doorkeeper): Hono {
  const routes = new Hono();
  const trustsIssuers = (clientId: string): boolean =>
    (applicationWithAppId(directory.state, clientId)?.federatedIdentityCredentials.length ?? 0) > 0;
  routes.post("/:tenant/oauth2/v2.0/token", async (c) => {
    const { origin } = new URL(c.req.url);
    const retryAfter = doorkeeper.tooMany();
    if (retryAfter !== undefined) {
      const answer = refusalAnswer(TOO_BUSY, { now: directory.state.clock.now(), origin });
      answer.headers.set("Retry-After", String(retryAfter));
      return answer;
    }
    const tenantId = requireTenant(directory, c.req.param("tenant"));
    const request = await readClientRequest(c, trustsIssuers);
    doorkeeper.check(request.clientId);
    const client = signIn(directory, { ...request, tenantId });
    const resource = resourceOfScope(directory, request.scope);
    const claims = appOnlyClaims(directory, { client, resource, proof: "1", origin, lifetimeSeconds: HOUR });
    const answer = {
      token_type: "Bearer",
      expires_in: HOUR - 1,
      ext_expires_in: HOUR - 1,
      access_token: await directory.keys.sign(claims),
    };
    return c.json(answer, 200, { "Cache-Control": "no-store", Pragma: "no-cache" });
  });
  return routes;
}
