import { SecretClient } from "@azure/keyvault-secrets";
import { UpstreamError } from "../../errors.ts";
import { LONGEST_RUN, REQUEST_TIME_OUT } from "../../limits.ts";
import type { TokenStore } from "../../rotation/bot-token/ports.ts";
import type { SecretStore } from "../../rotation/secret-store.ts";
import { bounds } from "../azure-bounds.ts";
import { type OwnCredential, objectIdOf } from "../identity.ts";
import { anotherTokenWhereRefused } from "../refused-token.ts";
import { API_VERSION, olderVersionWhereNeeded } from "./api-version.ts";
import { type Calls, callsTo, isMissing, latestProperties, newest, versions } from "./calls.ts";
import { MANAGED_BY, withFacts } from "./tags.ts";
import { fromVault, INTENT, type StoredSecret } from "./versions.ts";

/** One secret of the vault, as both rotations need it: that of client secrets, and that of a bot's token. */
export type VaultSecret = Omit<SecretStore, "history"> &
  TokenStore & {
    /** All its versions; read once. */
    history(): Promise<readonly StoredSecret[]>;
  };

/** Content types of what is stored. */
const CLIENT_SECRET = "application/vnd.microsoft.entra.client-secret";
export const TOKEN = "application/jwt";

/** The vault's address, and the name that error messages call it by. */
export interface Vault {
  url: string;
  name: string;
}

/** The secrets of one vault, through Microsoft's client, which repeats 429 and 5xx itself, three times. */
export function keyVault(vault: Vault, credential: OwnCredential): (name: string, contentType?: string) => VaultSecret {
  const client = new SecretClient(vault.url, credential, {
    serviceVersion: API_VERSION,
    // A value goes to no other address than the vault's.
    redirectOptions: { maxRetries: 0 },
    retryOptions: { maxRetries: 3, retryDelayInMs: 300, maxRetryDelayInMs: 3_000 },
    additionalPolicies: [olderVersionWhereNeeded(), bounds, anotherTokenWhereRefused],
  });
  // Tokens are for the cloud's vaults, whose common name stands behind that of this one.
  const audience = `https://${new URL(vault.url).hostname.replace(/^[^.]+\./, "")}`;
  return (name, contentType = CLIENT_SECRET) => {
    const calls = callsTo(client, { name, vault: vault.name, objectId: () => objectIdOf(credential, audience) });
    return { vault: vault.name, ...reads(calls), ...writes(calls, contentType) };
  };
}

function reads(calls: Calls): Pick<VaultSecret, "latest" | "value" | "isDeleted" | "history"> {
  const { client, name, attempt, fault } = calls;
  let history: ReturnType<VaultSecret["history"]> | undefined;
  return {
    history() {
      history ??= versionsOf(calls);
      return history;
    },
    async latest() {
      const properties = await latestProperties(calls);
      const latest = properties && fromVault(properties);
      if (!latest?.intent) return latest;
      const kept = await attempt("read", () => newest(calls, (one) => one.contentType !== INTENT));
      return kept && fromVault(kept);
    },
    value: (version) =>
      attempt("read", async (abortSignal) => {
        const { value } = await client.getSecret(name, { version, abortSignal });
        return value ?? "";
      }),
    async isDeleted() {
      try {
        await client.getDeletedSecret(name, { abortSignal: AbortSignal.timeout(REQUEST_TIME_OUT) });
        return true;
      } catch (error) {
        const failure = await fault(`look for a deleted secret "${name}"`, error);
        if (isMissing(failure)) return false;
        throw failure;
      }
    },
  };
}

async function versionsOf(calls: Calls): Promise<StoredSecret[]> {
  const { name, fault } = calls;
  const all: StoredSecret[] = [];
  try {
    for await (const version of versions(calls)) all.push(fromVault(version));
    return all;
  } catch (error) {
    if (error instanceof UpstreamError) throw error;
    const failure = await fault(`read the versions of secret "${name}"`, error);
    if (isMissing(failure)) return [];
    throw failure;
  }
}

function writes(calls: Calls, contentType: string): Pick<VaultSecret, "store" | "announce" | "note"> {
  const { client, name, attempt } = calls;
  return {
    store: (value, { expiresOn, ...facts }) =>
      attempt("store a new version of", async (abortSignal) => {
        const tags = withFacts({}, { managedBy: MANAGED_BY, ...facts });
        return fromVault(
          (await client.setSecret(name, value, { abortSignal, contentType, expiresOn, tags })).properties,
        );
      }),
    async announce(nonce, { on, expiresOn }) {
      const tags = withFacts({}, { managedBy: MANAGED_BY, nonce });
      const spent = await spentIntent(calls, on);
      await attempt("write to", async (abortSignal) => {
        if (spent) await client.updateSecretProperties(name, spent, { abortSignal, expiresOn, tags });
        else await client.setSecret(name, "intent", { abortSignal, contentType: INTENT, expiresOn, tags });
      });
    },
    note: ({ version, tags }: StoredSecret, milestones) =>
      attempt("update the tags of", async (abortSignal) => {
        const { pushFailed, ...others } = milestones;
        const failed = "pushFailed" in milestones ? { pushFailed: pushFailed ? "true" : undefined } : {};
        const noted = withFacts(tags ?? {}, { ...others, ...failed });
        return fromVault(await client.updateSecretProperties(name, version, { abortSignal, tags: noted }));
      }),
  };
}

/**
 * An intent that nothing was stored over, and whose run must have ended: another one is announced in its place, or
 * a right that is missing at Graph would add a version with every run.
 */
async function spentIntent(calls: Calls, now: Date): Promise<string | undefined> {
  const latest = await latestProperties(calls);
  const announcedOn = latest?.updatedOn ?? latest?.createdOn;
  if (latest?.contentType !== INTENT || latest.enabled === false || announcedOn === undefined) return undefined;
  return now.getTime() > announcedOn.getTime() + LONGEST_RUN ? latest.version : undefined;
}
