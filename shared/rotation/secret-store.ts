import type { Stored } from "./stored.ts";

/** What is noted with a value that is stored. */
export interface Kept {
  keyId: string;
  nonce: string;
  issuedOn: Date;
  expiresOn: Date;
  provenOn?: Date | undefined;
}

/** A version as the vault shows it; the nonce travels with the value when it is promoted. */
export type Version = Stored & { nonce: string | undefined };

/** One secret of the vault. */
export interface SecretStore {
  latest(): Promise<Version | undefined>;
  value(version: string): Promise<string>;
  store(value: string, credential: Kept): Promise<Version>;
  announce(nonce: string, on: Date): Promise<void>;
  note(
    version: Version,
    milestones: {
      provenOn?: Date | undefined;
      promotedOn?: Date;
      deliveredOn?: Date | undefined;
      confirmedOn?: Date | undefined;
      pushOn?: Date | undefined;
    },
  ): Promise<void>;
  isDeleted(): Promise<boolean>;
}
