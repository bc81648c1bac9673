import type { SecretProperties } from "@azure/keyvault-secrets";
import type { TokenStore } from "../../rotation/bot-token/ports.ts";
import type { Version } from "../../rotation/secret-store.ts";
import { factsIn, MANAGED_BY } from "./tags.ts";

/** A version of a vault secret, without its value, as both rotations need it. What we know of it stands in its tags. */
export type StoredSecret = Version &
  NonNullable<Awaited<ReturnType<TokenStore["latest"]>>> & {
    /** All tags, those of other people too: they are written as a whole. */
    tags?: Record<string, string>;
  };

/** Tells a placeholder, which announces a credential about to be issued, from a value. */
export const INTENT = "application/vnd.openmetadata-entra.intent";

/** The version as the vault describes it. */
export function fromVault(properties: SecretProperties): StoredSecret {
  const tags = properties.tags ?? {};
  const facts = factsIn(tags);
  const date = (tag: string | undefined): Date | undefined => {
    const parsed = new Date(tag ?? Number.NaN);
    return Number.isNaN(parsed.getTime()) ? undefined : parsed;
  };
  const [time, ...because] = (facts.asked ?? "").split(" ");
  const before = date(time);
  // Without it a version was stored by somebody else, and its tags say nothing of a credential.
  const ours = facts.managedBy === MANAGED_BY;
  return {
    version: properties.version ?? "",
    enabled: properties.enabled ?? true,
    createdOn: properties.createdOn ?? new Date(0),
    expiresOn: properties.expiresOn,
    intent: properties.contentType === INTENT,
    keyId: ours ? facts.keyId : undefined,
    nonce: ours ? facts.nonce : undefined,
    issuedOn: date(facts.issuedOn),
    provenOn: date(facts.provenOn),
    promotedOn: date(facts.promotedOn),
    deliveredOn: date(facts.deliveredOn),
    confirmedOn: date(facts.confirmedOn),
    pushOn: date(facts.pushOn),
    pushFailed: facts.pushFailed === "true",
    readUntil: date(facts.readUntil),
    checkedOn: date(facts.checkedOn),
    refusedOn: date(facts.refusedOn),
    asked: before && { before, because: because.join(" ") },
    userId: ours ? facts.userId : undefined,
    tags,
  };
}
