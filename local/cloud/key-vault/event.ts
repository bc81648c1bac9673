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
