/** In whose name a credential was removed. */
export type Remover = "rotation" | "revocation" | "person";

/** A client secret of the registration; times are the true ones unless said otherwise. */
export interface Credential {
  keyId: string;
  value: string;
  /** The app asked for it. */
  managed: boolean;
  displayName: string;
  issuedAt: number;
  /** By the clock of the Entra server that issued it. */
  startsOn: Date;
  expiresOn: Date;
  /** Before that every replica refuses it; until `settledAt` some still do. */
  knownFrom: number;
  settledAt: number;
  removedAt: number | undefined;
  removedBy: Remover | undefined;
  /** Replicas accept a removed one until then. */
  forgottenAt: number;
  /** When one run had signed in with it often enough in a row. */
  provenAt: number | undefined;
}
