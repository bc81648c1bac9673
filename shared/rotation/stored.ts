/** The latest version of a vault secret; the vault's reads do not lag. */
export interface Stored {
  version: string;
  enabled: boolean;
  createdOn: Date;
  expiresOn: Date | undefined;
  /** Merely announces a credential; holds no value. */
  intent: boolean;
  keyId: string | undefined;
  issuedOn: Date | undefined;
  provenOn: Date | undefined;
  /** Of a staged one: a run was about to make it current. */
  promotedOn: Date | undefined;
  deliveredOn: Date | undefined;
  confirmedOn: Date | undefined;
  /** Its delivery is under way, and left until then to the message that goes on with it. */
  pushOn?: Date | undefined;
}
