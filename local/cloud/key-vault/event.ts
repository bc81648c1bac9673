import { randomUUID } from "node:crypto";
import type { Secret, Version } from "./state.ts";
import type { Vault } from "./vault.ts";

/** The events of secrets. Microsoft Learn: "Azure Key Vault as Event Grid source". */
export type KeyVaultEventType =
  | "Microsoft.KeyVault.SecretNewVersionCreated"
  | "Microsoft.KeyVault.SecretNearExpiry"
  | "Microsoft.KeyVault.SecretExpired";

/** An event in Key Vault's own words, whatever the schema in which it is delivered later. It never carries the value. */
export interface KeyVaultEvent {
  id: string;
  eventType: KeyVaultEventType;
  /** Name of the secret. */
  subject: string;
  /** UTC with seven digits of a second, as .NET writes it. */
  eventTime: string;
  /** In the casing of the wire. Real events carry NBF and EXP as epoch seconds, or null where they are not set. */
  data: {
    Id: string;
    VaultName: string;
    ObjectType: "Secret";
    ObjectName: string;
    Version: string;
    NBF: number | null;
    EXP: number | null;
  };
}

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
