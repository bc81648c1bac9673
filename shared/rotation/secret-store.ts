import type { Asked, Stored } from "./stored.ts";

/** What is noted with a value that is stored. */
export interface Kept {
  keyId: string;
  nonce: string;
  issuedOn: Date;
  expiresOn: Date;
  provenOn?: Date | undefined;
  asked?: Asked | undefined;
}

/** A version as the vault shows it; the nonce travels with the value when it is promoted. */
export type Version = Stored & { nonce: string | undefined };

/** One secret of the vault. */
export interface SecretStore {
  /** Name of the vault that it is in, for commands that people run. */
  vault: string;
  latest(): Promise<Version | undefined>;
  value(version: string): Promise<string>;
  store(value: string, credential: Kept): Promise<Version>;
  /** Stores a placeholder in which nothing is but this, and which ends as what it announces will. */
  announce(nonce: string, times: { on: Date; expiresOn: Date }): Promise<void>;
  /** Answers with the version as it is then. */
  note(
    version: Version,
    milestones: {
      provenOn?: Date | undefined;
      promotedOn?: Date;
      deliveredOn?: Date | undefined;
      confirmedOn?: Date | undefined;
      pushOn?: Date | undefined;
      pushFailed?: boolean | undefined;
      readUntil?: Date | undefined;
      checkedOn?: Date | undefined;
      refusedOn?: Date;
      asked?: Asked | undefined;
    },
  ): Promise<Version>;
  isDeleted(): Promise<boolean>;
  /** What the tags of all its versions tell of credentials, the oldest too; read once. */
  history(): Promise<readonly Pick<Version, "keyId" | "nonce">[]>;
}
