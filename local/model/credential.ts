import type { Issued } from "../../shared/rotation/state.ts";

/** One of our credentials at Entra. Everything here is truth; what a run gets to see of it may lag behind. */
export interface Credential {
  /** "k1", "k2", … in the order in which they were issued. */
  readonly keyId: string;
  readonly addedOn: number;
  readonly expiresOn: number;
  /** Sign-in has taken it once; until then it may still be refused. */
  readonly usable: boolean;
  readonly removed: { readonly on: number; readonly by: "run" | "revocation" | "person" } | undefined;
  /** Its value has reached the vault. */
  readonly stored: boolean;
  /** One run has seen it sign in often enough, in a row. */
  readonly proven: boolean;
  /** So many versions of the current secret were made of it. */
  readonly promotions: number;
  /** When the consumer first acknowledged its present promotion; whether a run that began late enough repeated that. */
  readonly acknowledged: { readonly on: number; readonly again: boolean } | undefined;
}

const keys = new WeakMap<Credential, string>();
const listed = new WeakMap<Credential, Issued>();

/** Tells credentials apart in every respect. */
export function credentialKey(one: Credential): string {
  let key = keys.get(one);
  if (key === undefined) {
    const { keyId, addedOn, expiresOn, usable, removed, stored, proven, promotions, acknowledged } = one;
    const flags = (usable ? 1 : 0) + (stored ? 2 : 0) + (proven ? 4 : 0);
    const gone = removed ? `-${removed.on}${removed.by}` : "";
    const held = acknowledged ? `+${acknowledged.on}${acknowledged.again ? "!" : ""}` : "";
    key = `${keyId}@${addedOn}~${expiresOn}.${flags}.${promotions}${gone}${held}`;
    keys.set(one, key);
  }
  return key;
}

/** As Entra lists it. */
export function asListed(one: Credential, skew: number): Issued {
  let issued = listed.get(one);
  if (!issued) {
    issued = { keyId: one.keyId, issuedOn: new Date(one.addedOn + skew), expiresOn: new Date(one.expiresOn) };
    listed.set(one, issued);
  }
  return issued;
}

export function valueOf(keyId: string): string {
  return `value of ${keyId}`;
}

export function keyIdOf(value: string): string {
  return value.slice("value of ".length);
}

/** A secret that a person made and put into the vault: it works, and it is not ours. */
export const FOREIGN = "foreign";
