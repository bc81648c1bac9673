import { Hono } from "hono";
import { bundle, deletedBundle, deletedItem } from "./answers.ts";
import { findDeleted, purgeSecret, recoverSecret } from "./deletion.ts";
import { pageOf } from "./paging.ts";
import { nameFor, requireRight } from "./rights.ts";
import { keyOf, latestOf, phaseOf } from "./state.ts";
import type { Authenticated, Vault } from "./vault.ts";

/** `/deletedsecrets`: what can be recovered or purged. */
export function deletedRoutes(vault: Vault): Hono<Authenticated> {
  const routes = new Hono<Authenticated>();
  routes.get("/", (c) => {
    requireRight(c, vault, "list");
    const now = vault.options.clock.now();
    const deleted = [...vault.secrets.values()].filter((secret) => phaseOf(secret, now) === "deleted");
    const entries = deleted.map((secret) => ({ key: keyOf(secret.name), item: deletedItem(vault, secret) }));
    return c.json(pageOf(c, vault, entries));
  });
  routes.get("/:name", (c) => c.json(deletedBundle(vault, findDeleted(vault, nameFor(c, vault, "get")))));
  routes.delete("/:name", (c) => {
    purgeSecret(vault, nameFor(c, vault, "purge"));
    return c.body(null, 204);
  });
  routes.post("/:name/recover", (c) => {
    const secret = recoverSecret(vault, nameFor(c, vault, "recover"));
    return c.json(bundle(vault, secret, latestOf(secret)));
  });
  return routes;
}
