import { Hono } from "hono";
import { botCredentialRoutes } from "./bot-credentials.ts";
import { createBotTokens } from "./bot-token-cache.ts";
import { botRoutes } from "./bots.ts";
import type { Authenticated } from "./caller.ts";
import { createCallerCache } from "./caller-cache.ts";
import { configurationRoutes } from "./configuration.ts";
import { createControl, type OpenMetadataControl } from "./control.ts";
import type { OpenMetadataOptions } from "./options.ts";
import { createOwnKeys } from "./own-keys.ts";
import { pipelineRoutes } from "./pipelines.ts";
import { failure, noSuchPath, Refusal } from "./refusal.ts";
import { featuresOf } from "./releases.ts";
import { createSecurity } from "./security.ts";
import { securityRoutes } from "./security-routes.ts";
import { addAdministrators, addBot } from "./seed.ts";
import { features, type Server } from "./server.ts";
import { createSigningKeys } from "./signing-keys.ts";
import { emptyState, INGESTION_BOT } from "./state.ts";
import { principalOf, requireOwnUser } from "./token-check.ts";
import { userRoutes } from "./users.ts";

export interface OpenMetadata extends OpenMetadataControl {
  /** The API under `/api`: give it to `serve` as `openmetadata.localhost`. */
  app: Hono<Authenticated>;
}

/**
 * A server of OpenMetadata with what concerns bots, their credentials and the pipelines that use them. It starts with
 * the ingestion bot, which holds a token that never ends, and with the administrators named in the options. An
 * outage is not its business: that is a fault on the wire.
 */
export function createOpenMetadata(given: OpenMetadataOptions): OpenMetadata {
  const options = { ...given };
  if (options.flow === "auth-code" && !featuresOf(options.release).confidentialClients) {
    throw new Error(`OpenMetadata ${options.release} cannot be a confidential client`);
  }
  const state = emptyState();
  const security = createSecurity(options);
  const { clock } = options;
  const publicKeyUrls = () => security.current().authenticationConfiguration.publicKeyUrls ?? [];
  const server: Server = {
    options,
    state,
    security,
    ownKeys: createOwnKeys(options.jwtKeyId),
    signingKeys: createSigningKeys({ clock, publicKeyUrls }),
    botTokens: createBotTokens(options, state),
    callers: createCallerCache(options, state),
  };
  addBot(server, { name: INGESTION_BOT, provider: "system", isAdmin: false });
  addAdministrators(server);
  return { ...createControl(server), app: createApp(server) };
}

function createApp(server: Server): Hono<Authenticated> {
  const app = new Hono<Authenticated>();
  const api = app.basePath("/api");
  api.route("/", configurationRoutes(server));
  // A path that is not there is told before anybody asks who wants to know.
  api.use("/v1/system/security/*", async (_, next) => {
    if (features(server).security === "environment") throw noSuchPath();
    await next();
  });
  for (const path of ["/v1/system/security/*", "/v1/users/*", "/v1/bots/*", "/v1/services/*"]) {
    api.use(path, async (c, next) => {
      const { name, email } = await principalOf(c.req.header("authorization"), server);
      if (c.req.path.endsWith("/loggedInUser")) requireOwnUser({ name, email }, server);
      c.set("caller", server.callers.find(name));
      await next();
    });
  }
  api.route("/v1/system/security", securityRoutes(server));
  api.route("/v1/users", botCredentialRoutes(server));
  api.route("/v1/users", userRoutes(server));
  api.route("/v1/bots", botRoutes(server));
  api.route("/v1/services/ingestionPipelines", pipelineRoutes(server));
  app.notFound(() => noSuchPath().getResponse(features(server)));
  app.onError((error) => {
    const refusal = error instanceof Refusal ? error : failure(error.message);
    return refusal.getResponse(features(server));
  });
  return app;
}
