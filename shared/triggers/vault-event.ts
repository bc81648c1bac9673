import * as z from "zod";
import { vaultName } from "../deployment/addresses.ts";
import { unreadable } from "../problems/unreadable.ts";

/** The events of Key Vault that this app listens to. */
const TYPES = ["SecretNewVersionCreated", "SecretNearExpiry", "SecretExpired"] as const;
export type VaultEventType = (typeof TYPES)[number];

/** The name is all that is taken from an event: everything else is read from the vault. */
export type VaultEvent = { kind: "secret"; name: string; type: VaultEventType } | { kind: "ignored"; because: string };

const text = z.string().trim().min(1);
/** As Key Vault allows them: what is logged of it can end no line. */
const secretName = text.regex(/^[0-9a-z-]{1,127}$/i);
const envelope = z.looseObject({
  /** Event Grid schema. */
  eventtype: text.optional(),
  /** CloudEvents 1.0. */
  type: text.optional(),
  data: z.looseObject({ objectname: secretName, vaultname: text, objecttype: text }),
});

/**
 * Reads an event in Event Grid's schema or as CloudEvent. Real events and Microsoft's samples differ in the case of
 * keys, and the samples have stray blanks in keys and values; Microsoft Learn: "Azure Key Vault as Event Grid source".
 * Never throws: what is malformed, or not of this vault, is to be ignored, since a redelivery cannot mend it.
 */
export function readVaultEvent(event: unknown, vaultUrl: string): VaultEvent {
  const parsed = envelope.safeParse(foldKeys(event));
  if (!parsed.success) return unreadable(parsed.error, "the body");
  const { eventtype, type = eventtype, data } = parsed.data;
  const known = TYPES.find((one) => `microsoft.keyvault.${one.toLowerCase()}` === type?.toLowerCase());
  if (!known || data.objecttype.toLowerCase() !== "secret")
    return { kind: "ignored", because: "it is not about a secret" };
  if (data.vaultname.toLowerCase() !== vaultName(vaultUrl).toLowerCase())
    return { kind: "ignored", because: "it is from another vault" };
  return { kind: "secret", name: data.objectname, type: known };
}

/** Lower-case, trimmed keys, two levels deep. */
function foldKeys(value: unknown, depth = 2): unknown {
  if (depth === 0 || typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key.trim().toLowerCase(), foldKeys(inner, depth - 1)]),
  );
}
