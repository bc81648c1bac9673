import type { TokenCredential } from "@azure/identity";
import { type KeyVaultSecret, SecretClient, type SecretProperties } from "@azure/keyvault-secrets";
import { vaultError } from "./refusals.ts";

/** One version of a vault secret, without its value. What we know of it stands in its tags. */
export interface StoredSecret {
  version: string;
  enabled: boolean;
  createdOn: Date;
  expiresOn: Date | undefined;
  /** A placeholder that announces a credential about to be issued; its value is no secret. */
  intent: boolean;
  /** Id of the credential in Entra; undefined for a secret that this app did not store. */
  keyId: string | undefined;
  /** Stands in the credential's display name too, so that an orphan can be told. */
  nonce: string | undefined;
  issuedOn: Date | undefined;
  provenOn: Date | undefined;
  promotedOn: Date | undefined;
  deliveredOn: Date | undefined;
  confirmedOn: Date | undefined;
  /** The user of OpenMetadata that holds it; of a bot's token only. */
  userId: string | undefined;
  /** All tags, those of other people too: they are written as a whole. */
  tags?: Record<string, string>;
}

/** What may be noted on a version after it was stored. */
export interface Milestones {
  /** undefined takes a proof, or a delivery, back. */
  provenOn?: Date | undefined;
  promotedOn?: Date;
  deliveredOn?: Date | undefined;
  confirmedOn?: Date | undefined;
}

/** What is known of a credential when its value is stored. */
export interface IssuedCredential {
  keyId: string;
  nonce: string;
  issuedOn: Date;
  /** undefined: never. */
  expiresOn: Date | undefined;
  provenOn?: Date | undefined;
  userId?: string | undefined;
}

export interface SecretStore {
  /** The latest version that holds a value: announcements of other runs do not hide it. Undefined when there is none. */
  latest(): Promise<StoredSecret | undefined>;
  /** The value of exactly this version. */
  value(version: string): Promise<string>;
  /** Stores a new version; Key Vault raises SecretNewVersionCreated. */
  store(value: string, credential: IssuedCredential): Promise<StoredSecret>;
  /** Announces a credential that is about to be issued; thereby proves that the vault can be written. */
  announce(nonce: string, on: Date): Promise<void>;
  /** Notes milestones on a version, beside those that it already has. */
  note(secret: StoredSecret, milestones: Milestones): Promise<void>;
  /** Is there a deleted secret of this name, whose name cannot be used until somebody recovers or purges it? */
  isDeleted(): Promise<boolean>;
}

const MANAGED_BY = "openmetadata-entra";
/** Content types of what is stored. */
const CLIENT_SECRET = "application/vnd.microsoft.entra.client-secret";
export const TOKEN = "application/jwt";
const INTENT = "application/vnd.openmetadata-entra.intent";
const TIMEOUT = 10_000;

/** The secrets of one vault, through Microsoft's client, which repeats 429 and 5xx itself, three times. */
export function keyVault(
  vaultUrl: string,
  credential: TokenCredential,
): (name: string, contentType?: string) => SecretStore {
  const client = new SecretClient(vaultUrl, credential, {
    // The stable version that the proof was made with; the client's own default moves with its releases.
    serviceVersion: "2025-07-01",
    retryOptions: { maxRetries: 3, retryDelayInMs: 300, maxRetryDelayInMs: 3_000 },
  });
  return (name, contentType = CLIENT_SECRET) => {
    const attempt = async <T>(action: string, call: (abortSignal: AbortSignal) => Promise<T>): Promise<T> => {
      try {
        return await call(AbortSignal.timeout(TIMEOUT));
      } catch (error) {
        throw vaultError(error, { action: `${action} secret "${name}"`, name, vaultUrl });
      }
    };
    const read = async (version?: string): Promise<KeyVaultSecret | SecretProperties | undefined> => {
      try {
        return await client.getSecret(name, {
          abortSignal: AbortSignal.timeout(TIMEOUT),
          ...(version ? { version } : {}),
        });
      } catch (error) {
        const fault = vaultError(error, { action: `read secret "${name}"`, name, vaultUrl });
        if (fault.code === "SecretNotFound" || fault.status === 404) return undefined;
        // A disabled version hides even its tags from GET; the list of versions shows them. Times there are whole
        // seconds: an enabled version of the same second is not the latest, or GET would have shown it.
        if (fault.code === "SecretDisabled" && version === undefined)
          return attempt("read", () => newest(client, name, ({ enabled }) => enabled === false));
        throw fault;
      }
    };
    return {
      async latest() {
        const secret = await read();
        const latest = secret && fromVault("properties" in secret ? secret.properties : secret);
        if (!latest?.intent) return latest;
        const kept = await attempt("read", () => newest(client, name, (one) => one.contentType !== INTENT));
        return kept && fromVault(kept);
      },
      value: (version) =>
        attempt("read", async (abortSignal) => {
          const { value } = await client.getSecret(name, { version, abortSignal });
          return value ?? "";
        }),
      store: (value, credential) =>
        attempt("store a new version of", async (abortSignal) => {
          const { properties } = await client.setSecret(name, value, {
            abortSignal,
            contentType,
            ...(credential.expiresOn ? { expiresOn: credential.expiresOn } : {}),
            tags: tagsOf({ ...credential, managedBy: MANAGED_BY }),
          });
          return fromVault(properties);
        }),
      announce: (nonce, on) =>
        attempt("write to", async (abortSignal) => {
          await client.setSecret(name, "intent", {
            abortSignal,
            contentType: INTENT,
            tags: tagsOf({ managedBy: MANAGED_BY, nonce, announcedOn: on }),
          });
        }),
      note: ({ version, tags }, milestones) =>
        attempt("note progress on", async (abortSignal) => {
          const { provenOn, promotedOn, deliveredOn, confirmedOn, ...others } = tags ?? {};
          const known = { ...others, provenOn, promotedOn, deliveredOn, confirmedOn };
          await client.updateSecretProperties(name, version, {
            abortSignal,
            tags: tagsOf({ ...known, ...milestones }),
          });
        }),
      isDeleted: async () => {
        try {
          await client.getDeletedSecret(name, { abortSignal: AbortSignal.timeout(TIMEOUT) });
          return true;
        } catch (error) {
          const fault = vaultError(error, { action: `look for a deleted secret "${name}"`, name, vaultUrl });
          if (fault.status === 404) return false;
          throw fault;
        }
      },
    };
  };
}

async function newest(
  client: SecretClient,
  name: string,
  counts: (version: SecretProperties) => boolean,
): Promise<SecretProperties | undefined> {
  let found: SecretProperties | undefined;
  for await (const version of client.listPropertiesOfSecretVersions(name)) {
    if (counts(version) && (version.createdOn ?? 0) >= (found?.createdOn ?? 0)) found = version;
  }
  return found;
}

function fromVault(properties: SecretProperties): StoredSecret {
  const tags = properties.tags ?? {};
  const date = (tag: string | undefined): Date | undefined => {
    const parsed = new Date(tag ?? Number.NaN);
    return Number.isNaN(parsed.getTime()) ? undefined : parsed;
  };
  const ours = tags.managedBy === MANAGED_BY;
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
    userId: ours ? tags.userId : undefined,
    tags,
  };
}

function tagsOf(facts: Record<string, string | Date | undefined>): Record<string, string> {
  const written = Object.entries(facts).filter((entry): entry is [string, string | Date] => entry[1] !== undefined);
  return Object.fromEntries(written.map(([name, fact]) => [name, fact instanceof Date ? fact.toISOString() : fact]));
}
