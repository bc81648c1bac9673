import type { Context } from "hono";
import { refusal } from "./refusal.ts";
import { requireName } from "./secret-name.ts";
import type { Authenticated, Right, Vault } from "./vault.ts";

const ACTIONS: Record<Right, string> = {
  get: "getSecret/action",
  list: "readMetadata/action",
  set: "setSecret/action",
  delete: "delete",
  update: "update/action",
  recover: "recover/action",
  purge: "purge/action",
};

/** Throws the 403 for a caller without the right. */
export function requireRight(c: Context<Authenticated>, vault: Vault, right: Right): void {
  const objectId = c.get("objectId");
  const begin = right === "set" ? (vault.settable.get(objectId) ?? "") : "";
  if (vault.rights.get(objectId)?.has(right) && (c.req.param("name") ?? "").startsWith(begin)) return;
  const message = [
    "Caller is not authorized to perform action on resource.",
    "If role assignments, deny assignments or role definitions were changed recently, please observe propagation time.",
    `Caller: oid=${objectId}`,
    `Action: 'Microsoft.KeyVault/vaults/secrets/${ACTIONS[right]}'`,
    `Vault: ${vault.options.name}`,
  ].join("\r\n");
  throw refusal(403, { code: "Forbidden", message, inner: "ForbiddenByRbac" });
}

/** The name in the path, once it is known to be possible and the caller to have the right. */
export function nameFor(c: Context<Authenticated>, vault: Vault, right: Right): string {
  const name = requireName(c.req.param("name"));
  requireRight(c, vault, right);
  return name;
}
