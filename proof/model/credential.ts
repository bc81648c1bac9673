import type { Issued } from "../../shared/rotation/client-secret/observed.ts";
import { minutes } from "./bounds.ts";

/** One of our credentials at Entra. Everything here is truth; what a run gets to see of it may lag behind. */
export interface Credential {
  /** "k1", "k2", … in the order in which they were issued. */
  readonly keyId: string;
  readonly addedOn: number;
  /** As Entra's list tells it: by the clock of the run that announced it, by Entra's where the name does not say. */
  readonly issuedOn: number;
  readonly expiresOn: number;
  /** Sign-in has taken it once; until then it may still be refused. */
  readonly usable: boolean;
  readonly removed: { readonly on: number; readonly by: Remover } | undefined;
  /** Its value has reached the vault. */
  readonly stored: boolean;
  /** One run has seen it sign in often enough, in a row. */
  readonly proven: boolean;
  /** So many versions of the current secret were made of it. */
  readonly promotions: number;
  /** When the consumer first acknowledged its present promotion; whether a run that began late enough repeated that. */
  readonly acknowledged: { readonly on: number; readonly again: boolean } | undefined;
}

export type Remover = "run" | "revocation" | "person";

/** Tells credentials apart in everything that matters from now on; times are minutes ago. */
export function credentialKey(one: Credential, now: number): string {
  const { keyId, addedOn, issuedOn, expiresOn, usable, removed, stored, proven, promotions, acknowledged } = one;
  const flags = (usable ? 1 : 0) + (stored ? 2 : 0) + (proven ? 4 : 0);
  const gone = removed ? `-${minutes(now - removed.on)}${removed.by}` : "";
  const held = acknowledged ? `+${minutes(now - acknowledged.on)}${acknowledged.again ? "!" : ""}` : "";
  return `${keyId}@${minutes(now - addedOn)},${minutes(now - issuedOn)}~${minutes(now - expiresOn)}.${flags}.${promotions}${gone}${held}`;
}

/** As Entra lists it to a run whose clock shows so much more than the world's. */
export function asListed({ keyId, issuedOn, expiresOn }: Credential, ahead: number): Issued {
  const hint = secretValueOf(keyId).slice(0, 3);
  return { keyId, issuedOn: new Date(issuedOn + ahead), expiresOn: new Date(expiresOn + ahead), hint };
}

const VALUE = " is the key of this value";

export function secretValueOf(keyId: string): string {
  return keyId + VALUE;
}

export function keyIdOf(value: string): string {
  return value.slice(0, -VALUE.length);
}

/** A secret that a person made and put into the vault: it works, and it is not ours. */
export const FOREIGN = "foreign";
