import { CLOCK_SKEW } from "../../limits.ts";
import type { Version } from "../secret-store.ts";
import type { Issued } from "./observed.ts";

/**
 * A version as far as what is noted of it can be so: tags, and the date of its end, may be written by people who can read no
 * value. None was issued later than Entra says (by a clock of its own), or than it was stored; none lives longer than in
 * Entra; and none was handed on before it was stored. Pure.
 */
export function grounded(version: Version | undefined, managed: readonly Issued[]): Version | undefined {
  if (!version) return undefined;
  const { createdOn, issuedOn, expiresOn, deliveredOn } = version;
  const listed = managed.find(({ keyId }) => keyId === version.keyId);
  const latest = new Date((listed?.issuedOn ?? createdOn).getTime() + CLOCK_SKEW);
  return {
    ...version,
    issuedOn: issuedOn && earlier(issuedOn, latest),
    expiresOn: listed && expiresOn ? earlier(expiresOn, listed.expiresOn) : expiresOn,
    deliveredOn: deliveredOn && deliveredOn < createdOn ? createdOn : deliveredOn,
  };
}

function earlier(one: Date, other: Date): Date {
  return one < other ? one : other;
}
