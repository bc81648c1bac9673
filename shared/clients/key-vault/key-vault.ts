import type { TokenCredential } from "@azure/identity";
import { SecretClient } from "@azure/keyvault-secrets";
import { UpstreamError } from "../../errors.ts";
import { REQUEST_TIME_OUT } from "../../limits.ts";
import type { TokenStore } from "../../rotation/bot-token/ports.ts";
import type { SecretStore } from "../../rotation/secret-store.ts";
import { bounds } from "../azure-bounds.ts";
import { type Calls, callsTo, latestProperties, newest } from "./calls.ts";
import { fromVault, INTENT, MANAGED_BY, type StoredSecret, tagsOf } from "./versions.ts";

/** One secret of the vault, as both rotations need it: that of client secrets, and that of a bot's token. */
export type VaultSecret = SecretStore & TokenStore;

/** Content types of what is stored. */
const CLIENT_SECRET = "application/vnd.microsoft.entra.client-secret";
export const TOKEN = "application/jwt";

/** The vault's address, and the name that error messages call it by. */
export interface Vault {
  url: string;
  name: string;
}

/** The secrets of one vault, through Microsoft's client, which repeats 429 and 5xx itself, three times. */
export function keyVault(
  vault: Vault,
  credential: TokenCredential,
): (name: string, contentType?: string) => VaultSecret {
  const client = new SecretClient(vault.url, credential, {
    // The stable version that the proof was made with; the client's own default moves with its releases.
    serviceVersion: "2025-07-01",
    retryOptions: { maxRetries: 3, retryDelayInMs: 300, maxRetryDelayInMs: 3_000 },
    additionalPolicies: [bounds],
  });
  return (name, contentType = CLIENT_SECRET) => {
    const calls = callsTo(client, { name, vault: vault.name });
    return { ...reads(calls), ...writes(calls, contentType) };
  };
}

function reads(calls: Calls): Pick<VaultSecret, "latest" | "value" | "isDeleted"> {
  const { client, name, attempt, fault } = calls;
  return {
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
        const failure = fault(`look for a deleted secret "${name}"`, error);
        if (failure instanceof UpstreamError && failure.status === 404) return false;
        throw failure;
      }
    },
  };
}

function writes(calls: Calls, contentType: string): Pick<VaultSecret, "store" | "announce" | "note"> {
  const { client, name, attempt } = calls;
  return {
    store: (value, credential) =>
      attempt("store a new version of", async (abortSignal) => {
        const { properties } = await client.setSecret(name, value, {
          abortSignal,
          contentType,
          ...(credential.expiresOn ? { expiresOn: credential.expiresOn } : {}),
          tags: tagsOf({ ...credential, ...MANAGED_BY }),
        });
        return fromVault(properties);
      }),
    announce: (nonce, on) =>
      attempt("write to", async (abortSignal) => {
        await client.setSecret(name, "intent", {
          abortSignal,
          contentType: INTENT,
          tags: tagsOf({ ...MANAGED_BY, nonce, announcedOn: on }),
        });
      }),
    note: ({ version, tags }: StoredSecret, milestones) =>
      attempt("note progress on", async (abortSignal) => {
        const { provenOn, promotedOn, deliveredOn, confirmedOn, pushOn, ...others } = tags ?? {};
        const known = { ...others, provenOn, promotedOn, deliveredOn, confirmedOn, pushOn };
        await client.updateSecretProperties(name, version, {
          abortSignal,
          tags: tagsOf({ ...known, ...milestones }),
        });
      }),
  };
}
