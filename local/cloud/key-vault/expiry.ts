import type { KeyVaultEventType } from "./event.ts";
import { type About, raise } from "./raise.ts";
import { keyOf, latestOf } from "./state.ts";
import type { Vault } from "./vault.ts";

const MINUTE = 60 * 1000;
/** Fixed for secrets; only keys and certificates can choose. */
const NEAR_EXPIRY = 30 * 24 * 60 * MINUTE;
const LATE_NOTICE = 15 * MINUTE;

/**
 * Schedules SecretNearExpiry and SecretExpired of a version; to be called again when its expiry changes.
 *
 * | expiry is | SecretNearExpiry | SecretExpired |
 * |---|---|---|
 * | not set | never | never |
 * | more than 30 days away | 30 days before it | at it |
 * | nearer | after 15 minutes, unless it has expired by then | at it |
 * | past | never | at once (unverified) |
 *
 * Each is raised only if the version is then the latest of a secret that is not deleted, but for a disabled version
 * too. Microsoft Learn: "Azure Key Vault as Event Grid source"; the 15 minutes are from "Automate the rotation of a
 * secret for resources that use one set of authentication credentials".
 */
export function watchExpiry(vault: Vault, about: About): void {
  const { secret, version } = about;
  version.unwatch();
  version.unwatch = () => {};
  if (version.expires === undefined) return;

  const raiseLater = (on: number, eventType: KeyVaultEventType): (() => void) =>
    vault.options.clock.at(new Date(on), () => {
      const exists = vault.secrets.get(keyOf(secret.name)) === secret && !secret.deletedOn;
      if (exists && latestOf(secret) === version) raise(vault, eventType, about);
    });
  const now = vault.options.clock.now().getTime();
  const expiresOn = version.expires * 1000;
  const nearOn = expiresOn - NEAR_EXPIRY > now ? expiresOn - NEAR_EXPIRY : now + LATE_NOTICE;
  const cancels = [raiseLater(expiresOn, "Microsoft.KeyVault.SecretExpired")];
  if (nearOn < expiresOn) cancels.push(raiseLater(nearOn, "Microsoft.KeyVault.SecretNearExpiry"));
  version.unwatch = () => {
    for (const cancel of cancels) cancel();
  };
}
