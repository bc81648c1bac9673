import { Hono } from "hono";
import { HTTPException } from "hono/http-exception";
import { createControl, type KeyVaultControl } from "./control.ts";
import { deletedRoutes } from "./deleted-routes.ts";
import { API_VERSIONS, gate } from "./gate.ts";
import type { KeyVaultOptions } from "./options.ts";
import { notModelled, refusal } from "./refusal.ts";
import { secretRoutes } from "./secret-routes.ts";
import type { Authenticated, Rules, Timing, Vault } from "./vault.ts";

/** A vault: its API, what a person could do, and the settable times that deletion and recovery take (0 at first). */
export interface KeyVault extends KeyVaultControl, Timing {
  /** Give it to `serve` as `<name>.vault.localhost`. */
  app: Hono<Authenticated>;
}

/**
 * The secrets of one vault with soft delete and Azure RBAC, and its events. The REST API is that of 2025-07-01, but for
 * backup and restore; 2026-04-01, for which version 4.12 of Microsoft's client asks, is taken to be the same here
 * (unverified). Nobody has any right at first. Throttling and outages are faults on the wire.
 */
export function createKeyVault(options: KeyVaultOptions): KeyVault {
  const timing: Timing = { recoveringFor: 0, deletingFor: 0 };
  const rules: Rules = {
    firewall: false,
    publicAccess: true,
    demandsExpiry: false,
    apiVersions: API_VERSIONS,
    automationTags: 0,
  };
  const vault: Vault = { options, secrets: new Map(), rights: new Map(), settable: new Map(), rules, timing };
  // The very object that the vault reads its times from, so that they can be set on what is returned.
  return Object.assign(timing, createControl(vault), { app: createApp(vault) });
}

function createApp(vault: Vault): Hono<Authenticated> {
  // Microsoft's client asks for the latest version with an empty one: `/secrets/name/`.
  const app = new Hono<Authenticated>({ strict: false });
  app.use("*", gate(vault));
  app.route("/secrets", secretRoutes(vault));
  app.route("/deletedsecrets", deletedRoutes(vault));
  app.notFound((c) => notModelled(`${c.req.method} ${c.req.path}`).getResponse());
  app.onError((error) => {
    if (error instanceof HTTPException) return error.getResponse();
    return refusal(500, { code: "InternalServerError", message: error.message }).getResponse();
  });
  return app;
}
