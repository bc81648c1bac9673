import { createHash } from "node:crypto";
import { type Context, Hono } from "hono";
import { bundle, deletedBundle, secretItem, versionItem } from "./answers.ts";
import { deleteSecret } from "./deletion.ts";
import { pageOf } from "./paging.ts";
import { badParameter } from "./refusal.ts";
import { readBody, setParameters, updateParameters } from "./request-body.ts";
import { nameFor, requireRight } from "./rights.ts";
import { keyOf, latestOf } from "./state.ts";
import type { Authenticated, Vault } from "./vault.ts";
import { addVersion, findSecret, findVersion, readValue, updateVersion } from "./versions.ts";

/** `/secrets`: everything about secrets that are not deleted. Backup and restore are not modelled. */
export function secretRoutes(vault: Vault): Hono<Authenticated> {
  const routes = new Hono<Authenticated>();
  const read = (c: Context<Authenticated>): Response => {
    const secret = findSecret(vault, nameFor(c, vault, "get"));
    const id = c.req.param("version");
    const version = id ? findVersion(secret, id) : latestOf(secret);
    return c.json({ value: readValue(version), ...bundle(vault, secret, version) });
  };

  routes.get("/", (c) => {
    requireRight(c, vault, "list");
    const secrets = [...vault.secrets.values()].filter(({ deletedOn }) => !deletedOn);
    const entries = secrets.map((secret) => ({ key: keyOf(secret.name), item: secretItem(vault, secret) }));
    return c.json(pageOf(c, vault, entries));
  });
  routes.put("/:name", async (c) => {
    const name = nameFor(c, vault, "set");
    const { secret, version } = addVersion(vault, name, await readBody(c, setParameters));
    return c.json({ value: version.value, ...bundle(vault, secret, version) });
  });
  routes.get("/:name", read);
  routes.get("/:name/versions", (c) => {
    const secret = findSecret(vault, nameFor(c, vault, "list"));
    const entries = secret.versions.map((version, index) => ({
      key: shuffled(secret.name, index),
      item: versionItem(vault, secret, version),
    }));
    return c.json(pageOf(c, vault, entries));
  });
  routes.get("/:name/:version", read);
  routes.patch("/:name/:version", async (c) => {
    const name = nameFor(c, vault, "update");
    const changes = await readBody(c, updateParameters);
    const secret = findSecret(vault, name);
    const version = findVersion(secret, c.req.param("version"));
    updateVersion(vault, { secret, version }, changes);
    return c.json(bundle(vault, secret, version));
  });
  routes.delete("/:name", (c) => c.json(deletedBundle(vault, deleteSecret(vault, nameFor(c, vault, "delete")))));
  routes.post("/restore", () => {
    throw badParameter("The local cloud does not restore backups");
  });
  routes.post("/:name/backup", () => {
    throw badParameter("The local cloud does not make backups");
  });
  return routes;
}

/** Key Vault promises no order of versions: this one is the same every time, and not that of their creation. */
function shuffled(name: string, index: number): string {
  return createHash("sha256")
    .update(`${keyOf(name)}/${index}`)
    .digest("hex");
}
