import { randomUUID } from "node:crypto";
import type { KeyVaultEventType } from "./event.ts";
import type { Secret, Version } from "./state.ts";
import type { Vault } from "./vault.ts";

/** The object of an event: one version of one secret. */
export interface About {
  secret: Secret;
  version: Version;
}

/** Raises an event about a version, now. */
export function raise(vault: Vault, eventType: KeyVaultEventType, { secret, version }: About): void {
  const { clock, name, url } = vault.options;
  vault.options.raise({
    id: randomUUID(),
    eventType,
    subject: secret.name,
    eventTime: sevenDigits(clock.now()),
    data: {
      Id: `${url()}/secrets/${secret.name}/${version.id}`,
      VaultName: name,
      ObjectType: "Secret",
      ObjectName: secret.name,
      Version: version.id,
      NBF: version.notBefore ?? null,
      EXP: version.expires ?? null,
    },
  });
}

function sevenDigits(on: Date): string {
  return on.toISOString().replace("Z", "0000Z");
}
