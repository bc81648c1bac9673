import { createHash } from "node:crypto";
import { type Context, Hono } from "hono";
import { bundle, deletedBundle, secretItem, versionItem } from "./answers.ts";
import { fillTags } from "./automation.ts";
import { deleteSecret } from "./deletion.ts";
import { pageOf } from "./paging.ts";
import { deniedByPolicy } from "./refusal.ts";
import { readBody, setParameters, updateParameters } from "./request-body.ts";
import { nameFor, requireRight } from "./rights.ts";
import { keyOf, latestOf, type Secret, type Version } from "./state.ts";
import type { Authenticated, Vault } from "./vault.ts";
import { addVersion, findSecret, findVersion, readValue, updateVersion } from "./versions.ts";

/** `/secrets`: everything about secrets that are not deleted. Backup and restore are not modelled. */
export function secretRoutes(vault: Vault): Hono<Authenticated> {
  const routes = new Hono<Authenticated>();
  const read = (c: Context<Authenticated>): Response => {
    const secret = findSecret(vault, nameFor(c, vault, "get"));
    const version = versionOf(c, secret);
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
    const content = await readBody(c, setParameters);
    requireExpiry(vault, name, content.attributes?.exp);
    const { secret, version } = addVersion(vault, name, content);
    const answer = { value: version.value, ...bundle(vault, secret, version) };
    fillTags(version, vault.rules.automationTags);
    return c.json(answer);
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
  const update = async (c: Context<Authenticated>): Promise<Response> => {
    const name = nameFor(c, vault, "update");
    const changes = await readBody(c, updateParameters);
    const secret = findSecret(vault, name);
    const version = versionOf(c, secret);
    requireExpiry(vault, name, changes.attributes?.exp ?? version.expires);
    updateVersion(vault, { secret, version }, changes);
    return c.json(bundle(vault, secret, version));
  };
  routes.patch("/:name", update);
  routes.patch("/:name/:version", update);
  routes.delete("/:name", (c) => c.json(deletedBundle(vault, deleteSecret(vault, nameFor(c, vault, "delete")))));
  return routes;
}

/** The version that the request names, or the latest where it names none. */
function versionOf(c: Context<Authenticated>, secret: Secret): Version {
  const id = c.req.param("version");
  return id ? findVersion(secret, id) : latestOf(secret);
}

function requireExpiry(vault: Vault, name: string, expires: number | undefined): void {
  if (vault.rules.demandsExpiry && expires === undefined) throw deniedByPolicy(name, vault.options);
}

/** Key Vault promises no order of versions: this one is the same every time, and not that of their creation. */
function shuffled(name: string, index: number): string {
  return createHash("sha256")
    .update(`${keyOf(name)}/${index}`)
    .digest("hex");
}
