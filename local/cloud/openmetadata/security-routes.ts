import { type Context, Hono } from "hono";
import { type Authenticated, requireAdmin } from "./caller.ts";
import { applyPatch, readPatch } from "./json-patch.ts";
import { MASK } from "./masking.ts";
import { failure, refusal } from "./refusal.ts";
import { readBody, readJson, requireContentType } from "./request-body.ts";
import { changedPointers } from "./security.ts";
import { leaves, type SecurityConfiguration, securityConfiguration } from "./security-configuration.ts";
import { ENTRA, type FieldError, validate } from "./security-validation.ts";
import { features, originOf, type Server } from "./server.ts";
import { refuseIncomplete, withoutUnusedSections, withUnusedSections } from "./unused-sections.ts";

/** `/v1/system/security`: how people and tokens come in, for administrators, from 1.10 on. */
export function securityRoutes(server: Server): Hono<Authenticated> {
  const routes = new Hono<Authenticated>();
  const { security, options } = server;
  const faults = async (configuration: SecurityConfiguration): Promise<FieldError[]> => {
    const wrong = await validate(configuration, options.authorityHost?.() ?? ENTRA);
    return wrong ? [wrong] : [];
  };
  routes.use("*", async (c, next) => {
    requireAdmin(c);
    await next();
  });

  routes.get("/config", (c) => {
    const current = security.current(originOf(c));
    if (c.get("caller").isBot) return c.json(withUnusedSections(current));
    if (options.readingSpoilsSecret && current.authenticationConfiguration.oidcConfiguration) security.spoil(MASK);
    return c.json(withSecret(withUnusedSections(current, MASK), MASK));
  });

  routes.patch("/config", async (c) => {
    requireContentType(c, "application/json-patch+json");
    const current = security.current(originOf(c));
    const changed = patched(current, await readJson(c));
    refuseOwned(server, current, changed);
    const errors = await faults(changed);
    if (errors.length > 0) return c.json({ status: "failed", errors }, 400);
    security.store(changed, originOf(c));
    server.signingKeys.forget();
    return c.body(null, 204);
  });

  // Nobody tries out what is put: neither the secret nor anything else. What was sent is what is answered.
  routes.put("/config", async (c) => {
    const sent = await readConfiguration(c, server);
    const current = security.current(originOf(c));
    const restores = (options.securityMask ?? features(server).securityMask) === "restored";
    const isMask = sent.authenticationConfiguration.oidcConfiguration?.secret === MASK;
    const held = current.authenticationConfiguration.oidcConfiguration?.secret ?? "";
    const changed = isMask && restores ? withSecret(sent, held) : sent;
    refuseOwned(server, current, changed);
    security.store(changed, originOf(c));
    server.signingKeys.forget();
    return c.json(sent);
  });

  routes.post("/validate", async (c) => {
    const errors = await faults(await readConfiguration(c, server));
    return c.json(errors.length > 0 ? { status: "failed", errors } : { status: "success" });
  });
  return routes;
}

/**
 * What the server cannot apply, or cannot read afterwards, makes it fail instead of refusing. Its words then hold the
 * very object that the patch did not fit, with what is secret in it.
 */
function patched(current: SecurityConfiguration, patch: unknown): SecurityConfiguration {
  const operations = readPatch(patch);
  if (!operations) throw refusal(500, "Failed to parse JsonPatch");
  try {
    return withoutUnusedSections(securityConfiguration.parse(applyPatch(withUnusedSections(current), operations)));
  } catch (error) {
    const told = error instanceof Error && !error.message.startsWith("[") ? error.message : "Unable to process JSON";
    throw failure(`Failed to patch security configuration: ${told}`);
  }
}

async function readConfiguration(c: Context, server: Server): Promise<SecurityConfiguration> {
  const sent = await readBody(c, securityConfiguration);
  if (features(server).unusedSections === "refused") refuseIncomplete(sent);
  return withoutUnusedSections(sent);
}

function refuseOwned(server: Server, current: SecurityConfiguration, changed: SecurityConfiguration): void {
  const owned = server.security.ownedByDeployment();
  const touched = changedPointers(leaves(current), leaves(changed)).filter((pointer) => owned.has(pointer));
  if (touched.length === 0) return;
  throw refusal(
    409,
    `authenticationConfiguration is managed by the deployment configuration (SECURITY_CONFIG_SOURCE=ENV), so ${touched.join(", ")} cannot be changed here.`,
    "SETTINGS_MANAGED_BY_ENVIRONMENT",
  );
}

function withSecret(configuration: SecurityConfiguration, secret: string): SecurityConfiguration {
  const { authenticationConfiguration: shown } = configuration;
  if (!shown.oidcConfiguration) return configuration;
  const oidcConfiguration = { ...shown.oidcConfiguration, secret };
  return { ...configuration, authenticationConfiguration: { ...shown, oidcConfiguration } };
}
