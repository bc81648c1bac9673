import type { SecretProperties } from "@azure/keyvault-secrets";
import type { TokenStore } from "../../rotation/bot-token/ports.ts";
import type { Version } from "../../rotation/secret-store.ts";

/** A version of a vault secret, without its value, as both rotations need it. What we know of it stands in its tags. */
export type StoredSecret = Version &
  NonNullable<Awaited<ReturnType<TokenStore["latest"]>>> & {
    /** All tags, those of other people too: they are written as a whole. */
    tags?: Record<string, string>;
  };

/** Tells a placeholder, which announces a credential about to be issued, from a value. */
export const INTENT = "application/vnd.openmetadata-entra.intent";

/** Without it a version was stored by somebody else, and its tags say nothing of a credential. */
export const MANAGED_BY = { managedBy: "openmetadata-entra" };

/** The version as the vault describes it. */
export function fromVault(properties: SecretProperties): StoredSecret {
  const tags = properties.tags ?? {};
  const date = (tag: string | undefined): Date | undefined => {
    const parsed = new Date(tag ?? Number.NaN);
    return Number.isNaN(parsed.getTime()) ? undefined : parsed;
  };
  const ours = tags.managedBy === MANAGED_BY.managedBy;
  return {
    version: properties.version ?? "",
    enabled: properties.enabled ?? true,
    createdOn: properties.createdOn ?? new Date(0),
    expiresOn: properties.expiresOn,
    intent: properties.contentType === INTENT,
    keyId: ours ? tags.keyId : undefined,
    nonce: ours ? tags.nonce : undefined,
    issuedOn: date(tags.issuedOn),
    provenOn: date(tags.provenOn),
    promotedOn: date(tags.promotedOn),
    deliveredOn: date(tags.deliveredOn),
    confirmedOn: date(tags.confirmedOn),
    pushOn: date(tags.pushOn),
    userId: ours ? tags.userId : undefined,
    tags,
  };
}

/** Tags that say these facts; what is undefined gets none. */
export function tagsOf(facts: Record<string, string | Date | undefined>): Record<string, string> {
  const written = Object.entries(facts).filter((entry): entry is [string, string | Date] => entry[1] !== undefined);
  return Object.fromEntries(written.map(([name, fact]) => [name, fact instanceof Date ? fact.toISOString() : fact]));
}
