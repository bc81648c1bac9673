import { randomBytes } from "node:crypto";
import type { z } from "zod";
import { watchExpiry } from "./expiry.ts";
import { type About, raise } from "./raise.ts";
import { conflict, secretDisabled, secretNotFound } from "./refusal.ts";
import type { setParameters, updateParameters } from "./request-body.ts";
import { epochSeconds, keyOf, phaseOf, type Secret, type Version } from "./state.ts";
import type { Vault } from "./vault.ts";

/** The secret, or the 404: one that is deleted, or just being deleted, is found only under `/deletedsecrets`. */
export function findSecret(vault: Vault, name: string): Secret {
  const secret = vault.secrets.get(keyOf(name));
  if (!secret || secret.deletedOn) throw secretNotFound(name);
  return secret;
}

/** The version named, or the 404. */
export function findVersion(secret: Secret, id: string): Version {
  const version = secret.versions.find((candidate) => candidate.id === id.toLowerCase());
  if (!version) throw secretNotFound(`${secret.name}/${id}`);
  return version;
}

/** The value, or the 403 of a disabled version. Start and expiry are only informational and keep nobody from reading. */
export function readValue(version: Version): string {
  if (!version.enabled) throw secretDisabled();
  return version.value;
}

/** Stores a new version, even if its value is that of the latest one; throws the 409 for a name that is not free. */
export function addVersion(vault: Vault, name: string, content: z.infer<typeof setParameters>): About {
  const known = vault.secrets.get(keyOf(name));
  if (known) requireSettled(vault, known);
  const secret: Secret = known ?? { name, versions: [], deletedOn: undefined, busyUntil: undefined };
  const now = epochSeconds(vault.options.clock.now());
  const version: Version = {
    id: randomBytes(16).toString("hex"),
    value: content.value,
    contentType: content.contentType,
    tags: content.tags,
    enabled: content.attributes?.enabled ?? true,
    notBefore: content.attributes?.nbf,
    expires: content.attributes?.exp,
    created: now,
    updated: now,
    unwatch: () => {},
  };
  secret.versions.push(version);
  vault.secrets.set(keyOf(name), secret);
  watchExpiry(vault, { secret, version });
  raise(vault, "Microsoft.KeyVault.SecretNewVersionCreated", { secret, version });
  return { secret, version };
}

/** Changes a version's properties: attributes that were not sent stay, tags that were sent replace all there were. */
export function updateVersion(vault: Vault, about: About, changes: z.infer<typeof updateParameters>): void {
  const { secret, version } = about;
  requireSettled(vault, secret);
  const { enabled, nbf, exp } = changes.attributes ?? {};
  version.contentType = changes.contentType ?? version.contentType;
  version.tags = changes.tags ?? version.tags;
  version.enabled = enabled ?? version.enabled;
  version.notBefore = nbf ?? version.notBefore;
  version.updated = epochSeconds(vault.options.clock.now());
  if (exp === undefined || exp === version.expires) return;
  version.expires = exp;
  watchExpiry(vault, about);
}

/** Throws the 409 for a secret that cannot be written in the phase it is in. */
export function requireSettled(vault: Vault, secret: Secret): void {
  const phase = phaseOf(secret, vault.options.clock.now());
  if (phase !== "live") throw conflict(secret, phase);
}
