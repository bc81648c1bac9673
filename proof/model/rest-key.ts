import { HOUR, MINUTE } from "../../shared/limits.ts";
import type { VaultVersion } from "./vault-version.ts";
import type { World } from "./world.ts";

/** In minutes: ages between two of these make no difference to any run that a timer begins every hour. */
const AGES = [1, 5, 15, 60, 61, 120, 121, 180, 181, 240, 241, 300, 301, 360, 361, 420, 421];

/**
 * Tells apart worlds that come to rest differently: the same one an hour later, with other names, comes to rest in the
 * same way.
 */
export function restKey(world: World): string {
  const { now, credentials, current, staged, held } = world;
  const relevant = [current?.content, staged?.content, held?.keyId];
  const names: string[] = [];
  let key = "";
  for (const { keyId, issuedOn, expiresOn, removed, promotions } of credentials) {
    if (removed && !relevant.includes(keyId)) continue;
    names.push(keyId);
    key += `${age(issuedOn, now)}${hoursLeft(expiresOn, now)}${removed ? "x" : ""}${promotions > 0 ? "m" : ""} `;
  }
  const versions = [current, staged].map((one) => (one ? versionRest(one, names, now) : "-"));
  return `${key}|${versions.join("|")}|${name(held?.keyId, names)}`;
}

function versionRest(one: VaultVersion, names: readonly string[], now: number): string {
  const { issuedOn, proven, promoted, deliveredOn, confirmed, refused, keyId } = one.tags;
  const lies = keyId !== undefined && keyId !== one.content ? `=${name(keyId, names)}` : "";
  const marks = `${proven ? "p" : ""}${promoted ? "m" : ""}${confirmed ? "c" : ""}${refused ? "r" : ""}${keyId ? "" : "f"}${lies}`;
  const flags = `${one.enabled ? "" : "x"}${marks}`;
  const ages = age(one.createdOn, now) + age(issuedOn, now) + age(deliveredOn, now);
  return `${name(one.content, names)}${flags}${ages}${hoursLeft(one.expiresOn, now)}`;
}

function name(content: string | undefined, names: readonly string[]): string {
  const index = content === undefined ? -1 : names.indexOf(content);
  return index >= 0 ? String(index) : (content ?? "-");
}

function age(time: number | undefined, now: number): string {
  if (time === undefined) return "-";
  return String.fromCharCode(97 + AGES.filter((minutes) => minutes * MINUTE <= now - time).length);
}

function hoursLeft(time: number | undefined, now: number): number {
  return time === undefined ? -1 : Math.ceil((time - now) / HOUR);
}
