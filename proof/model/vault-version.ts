import { DAY, HOUR } from "../../shared/limits.ts";
import type { Version } from "../../shared/rotation/secret-store.ts";
import { minutes } from "./bounds.ts";

/** The latest version of a vault secret that holds a value, as it is. */
export interface VaultVersion {
  /** "<store>/<content>#<how often>": the same name is never given twice. */
  readonly name: string;
  readonly enabled: boolean;
  readonly createdOn: number;
  readonly expiresOn: number | undefined;
  /** What its value is: a key id, or `FOREIGN`. */
  readonly content: string;
  /** Our tags; a foreign version has none. */
  readonly tags: Tags;
}

export interface Tags {
  readonly keyId?: string | undefined;
  readonly issuedOn?: number | undefined;
  readonly proven?: boolean;
  /** Noted on a staged version by a run that was about to make it current. */
  readonly promoted?: boolean;
  readonly deliveredOn?: number | undefined;
  readonly confirmed?: boolean;
  /** Noted by a run that signed in with it; and by one that could not, or found another one. */
  readonly checked?: boolean;
  readonly refused?: boolean;
}

/** So long after it was stored a version is checked, in worlds in which it is: see `forget`. */
const CHECKED = DAY + HOUR;

/** No rule asks when a secret was proven, promoted or confirmed, only whether: one date for all keeps the states few. */
const SOME_DAY = new Date(0);

/** Tells versions apart in everything that matters from now on; times are minutes ago. */
export function versionKey(one: VaultVersion | undefined, now: number): string {
  if (!one) return "-";
  const { issuedOn, proven, promoted, deliveredOn, confirmed, checked, refused, keyId } = one.tags;
  const ago = (time: number | undefined): number | string => (time === undefined ? "" : minutes(now - time));
  const flags = `${one.enabled ? "" : "x"}${proven ? "p" : ""}${promoted ? "m" : ""}${confirmed ? "c" : ""}${checked ? "k" : ""}${refused ? "r" : ""}${keyId ? "" : "f"}`;
  const lies = keyId === undefined || keyId === one.content ? "" : `=${keyId}`;
  return `${one.name}@${ago(one.createdOn)}~${ago(one.expiresOn)}${flags}${lies}[${ago(issuedOn)},${ago(deliveredOn)}]`;
}

/** As the vault shows it to a run whose clock differs from ours by `-ahead`. */
export function asSeen(one: VaultVersion, ahead: number): Version {
  const { tags } = one;
  const date = (time: number | undefined): Date | undefined =>
    time === undefined ? undefined : new Date(time + ahead);
  return {
    version: one.name,
    enabled: one.enabled,
    createdOn: new Date(one.createdOn + ahead),
    expiresOn: date(one.expiresOn),
    intent: false,
    keyId: tags.keyId,
    nonce: tags.keyId && "nonce",
    issuedOn: date(tags.issuedOn),
    provenOn: tags.proven ? SOME_DAY : undefined,
    promotedOn: tags.promoted ? SOME_DAY : undefined,
    deliveredOn: date(tags.deliveredOn),
    confirmedOn: tags.confirmed ? SOME_DAY : undefined,
    // In a world that forgets how old the version is, this lies ahead, and counts for nothing.
    checkedOn: tags.checked ? new Date(one.createdOn + ahead + CHECKED) : undefined,
    refusedOn: tags.refused ? SOME_DAY : undefined,
    asked: undefined,
  };
}

/** The value of a version follows from its name. */
export function contentOf(name: string): string {
  return name.slice(name.indexOf("/") + 1, name.lastIndexOf("#"));
}
