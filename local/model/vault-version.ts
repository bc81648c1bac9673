import type { Version } from "../../shared/rotation/ports.ts";

/** The latest version of a vault secret, as it is. */
export interface VaultVersion {
  /** "<store>/<content>#<how often>": the same name is never given twice. */
  readonly name: string;
  readonly enabled: boolean;
  readonly createdOn: number;
  readonly expiresOn: number | undefined;
  readonly intent: boolean;
  /** What its value is: a key id, or `FOREIGN`; undefined for an intent. */
  readonly content: string | undefined;
  /** Our tags; a foreign version has none. */
  readonly tags: Tags;
}

export interface Tags {
  readonly keyId?: string | undefined;
  readonly issuedOn?: number | undefined;
  readonly provenOn?: number | undefined;
  readonly deliveredOn?: number | undefined;
  readonly confirmedOn?: number | undefined;
}

const keys = new WeakMap<VaultVersion, string>();
const seen = new WeakMap<VaultVersion, Version>();

/** Tells versions apart in every respect. */
export function versionKey(one: VaultVersion | undefined): string {
  if (!one) return "-";
  let key = keys.get(one);
  if (key === undefined) {
    const { issuedOn, provenOn, deliveredOn, confirmedOn } = one.tags;
    const tags = `${issuedOn},${provenOn},${deliveredOn},${confirmedOn}`;
    key = `${one.name}@${one.createdOn}~${one.expiresOn}${one.enabled ? "" : "x"}[${tags}]`;
    keys.set(one, key);
  }
  return key;
}

/** As the vault shows it. */
export function asSeen(one: VaultVersion): Version {
  let version = seen.get(one);
  if (!version) {
    const { tags } = one;
    version = {
      version: one.name,
      enabled: one.enabled,
      createdOn: new Date(one.createdOn),
      expiresOn: date(one.expiresOn),
      intent: one.intent,
      keyId: tags.keyId,
      nonce: tags.keyId && "nonce",
      issuedOn: date(tags.issuedOn),
      provenOn: date(tags.provenOn),
      deliveredOn: date(tags.deliveredOn),
      confirmedOn: date(tags.confirmedOn),
    };
    seen.set(one, version);
  }
  return version;
}

/** The value of a version follows from its name. */
export function contentOf(name: string): string {
  return name.slice(name.indexOf("/") + 1, name.lastIndexOf("#"));
}

function date(time: number | undefined): Date | undefined {
  return time === undefined ? undefined : new Date(time);
}
