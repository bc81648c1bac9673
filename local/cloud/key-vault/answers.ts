import { epochSeconds, latestOf, type Secret, type Version } from "./state.ts";
import type { Vault } from "./vault.ts";

/** Days that a deleted secret can be recovered; a new vault's default, and the most there is. */
export const RECOVERABLE_DAYS = 90;
const DAY_SECONDS = 24 * 60 * 60;

/**
 * `SecretBundle` without the value: what every change answers, and what a reader adds the value to. Its `previousVersion`
 * is for the secrets behind certificates only, of which there are none here.
 */
export function bundle(vault: Vault, secret: Secret, version: Version): object {
  return {
    id: `${vault.options.url()}/secrets/${secret.name}/${version.id}`,
    ...properties(version),
  };
}

/** `SecretItem` of a version. */
export function versionItem(vault: Vault, secret: Secret, version: Version): object {
  return { id: `${vault.options.url()}/secrets/${secret.name}/${version.id}`, ...properties(version) };
}

/** `SecretItem` of a secret: the properties of its latest version under an id without one. */
export function secretItem(vault: Vault, secret: Secret): object {
  return { id: `${vault.options.url()}/secrets/${secret.name}`, ...properties(latestOf(secret)) };
}

/** `DeletedSecretBundle`. */
export function deletedBundle(vault: Vault, secret: Secret): object {
  return { ...bundle(vault, secret, latestOf(secret)), ...recovery(vault, secret) };
}

/** `DeletedSecretItem`. */
export function deletedItem(vault: Vault, secret: Secret): object {
  return { ...secretItem(vault, secret), ...recovery(vault, secret) };
}

function properties(version: Version): object {
  return {
    contentType: version.contentType,
    attributes: {
      enabled: version.enabled,
      nbf: version.notBefore,
      exp: version.expires,
      created: version.created,
      updated: version.updated,
      recoveryLevel: "Recoverable+Purgeable",
      recoverableDays: RECOVERABLE_DAYS,
    },
    tags: version.tags,
  };
}

function recovery(vault: Vault, { name, deletedOn }: Secret): object {
  const deletedDate = epochSeconds(deletedOn ?? new Date(0));
  return {
    recoveryId: `${vault.options.url()}/deletedsecrets/${name}`,
    deletedDate,
    scheduledPurgeDate: deletedDate + RECOVERABLE_DAYS * DAY_SECONDS,
  };
}
