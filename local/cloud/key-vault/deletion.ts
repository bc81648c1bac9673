import { RECOVERABLE_DAYS } from "./answers.ts";
import { conflict, deletedSecretNotFound } from "./refusal.ts";
import { keyOf, phaseOf, type Secret } from "./state.ts";
import type { Vault } from "./vault.ts";
import { findSecret, requireSettled } from "./versions.ts";

const DAY = 24 * 60 * 60 * 1000;

/** Deletes all versions, recoverably: the name stays taken until the secret is purged, by a caller or after 90 days. */
export function deleteSecret(vault: Vault, name: string): Secret {
  const secret = findSecret(vault, name);
  requireSettled(vault, secret);
  const deletedOn = vault.options.clock.now();
  secret.deletedOn = deletedOn;
  secret.busyUntil = later(deletedOn, vault.timing.deletingFor);
  vault.options.clock.at(later(deletedOn, RECOVERABLE_DAYS * DAY), () => {
    if (secret.deletedOn === deletedOn) remove(vault, secret);
  });
  return secret;
}

/** The deleted secret, or the 404; one that is just being deleted is not there yet. */
export function findDeleted(vault: Vault, name: string): Secret {
  const secret = vault.secrets.get(keyOf(name));
  if (secret && phaseOf(secret, vault.options.clock.now()) === "deleted") return secret;
  throw deletedSecretNotFound(name);
}

/** Brings all versions back. They can be read at once, but for a while not be written (azure-sdk-for-net issue #31581). */
export function recoverSecret(vault: Vault, name: string): Secret {
  refuseWhileDeleting(vault, name);
  const secret = findDeleted(vault, name);
  secret.deletedOn = undefined;
  secret.busyUntil = later(vault.options.clock.now(), vault.timing.recoveringFor);
  return secret;
}

/** Removes a deleted secret for good; its name is free again. */
export function purgeSecret(vault: Vault, name: string): void {
  refuseWhileDeleting(vault, name);
  remove(vault, findDeleted(vault, name));
}

function refuseWhileDeleting(vault: Vault, name: string): void {
  const secret = vault.secrets.get(keyOf(name));
  if (secret && phaseOf(secret, vault.options.clock.now()) === "deleting") throw conflict(secret, "deleting");
}

function remove(vault: Vault, secret: Secret): void {
  for (const version of secret.versions) version.unwatch();
  vault.secrets.delete(keyOf(secret.name));
}

function later(on: Date, milliseconds: number): Date {
  return new Date(on.getTime() + milliseconds);
}
