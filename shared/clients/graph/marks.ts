import { createHash } from "node:crypto";

/** How the name of every client secret begins that this app makes, wherever it is installed. */
const MADE_BY_APP = "managed by openmetadata-entra ";
/** Whose it is, and the nonce under which it was announced. Earlier releases left out whose. */
const SIGNED = /^([0-9a-f]{12}) (.+)$/;
/** So many hexadecimal digits tell all installations of a tenant apart, and leave a name short. */
const LENGTH = 12;

/**
 * Whose a client secret is: that of one credential of one deployment, kept in one vault. The same wherever the app runs
 * with this vault, and another one for every other installation over the same registration.
 */
export function installationMark(keyVaultUrl: string, secret: string): string {
  const address = `${new URL(keyVaultUrl).hostname}/secrets/${secret}`.toLowerCase();
  return createHash("sha256").update(address).digest("hex").slice(0, LENGTH);
}

/** The name that a client secret gets in Entra. */
export function signedName(mark: string, nonce: string): string {
  return `${MADE_BY_APP}${mark} ${nonce}`;
}

/** What the name of a client secret says; undefined where this app did not give it. */
export function readName(name: string | null | undefined): { mark: string | undefined; nonce: string } | undefined {
  if (!name?.startsWith(MADE_BY_APP)) return undefined;
  const rest = name.slice(MADE_BY_APP.length);
  const [, mark, nonce = rest] = SIGNED.exec(rest) ?? [];
  return { mark, nonce };
}
