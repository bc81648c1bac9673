import { type Answer, request } from "../http.ts";
import { storageRefusal } from "../storage-refusals.ts";

/** What a blob holds; `etag` names the state that was read. */
export type BlobContent = { kind: "unchanged" } | { kind: "read"; json: unknown; etag: string };

/** A stable version that takes tokens of Entra (Microsoft Learn: "Versioning for Azure Storage"). */
export const API_VERSION = "2023-11-03";

/** The scope of the tokens for any storage account, in every cloud. */
export const STORAGE_SCOPE = "https://storage.azure.com/.default";

/**
 * Reads a JSON document from Azure Blob Storage with a token of ours, unless it is still the one of that `etag`; `json` is
 * undefined where it is no JSON. One small request: a client for that would be larger than all else that is loaded.
 */
export async function readBlob(url: string, token: string, etag: string | undefined): Promise<BlobContent> {
  const answer = await request("Storage", "read the list of deployments", {
    url,
    headers: {
      authorization: `Bearer ${token}`,
      "x-ms-version": API_VERSION,
      ...(etag === undefined ? {} : { "if-none-match": etag }),
    },
  });
  if (answer.status === 304) return { kind: "unchanged" };
  if (answer.status === 200) return { kind: "read", json: answer.json, etag: answer.etag ?? "" };
  throw blobRefusal("read the list of deployments", answer, url);
}

/** What blob storage refuses; `what` it concerns is named. */
export function blobRefusal(action: string, { status, storageCode, retryAfterSeconds }: Answer, what: string) {
  const answered = `Storage answered ${status}${storageCode ? ` ${storageCode}` : ""}`;
  return storageRefusal({
    message: `Cannot ${action}: ${answered} for ${what}`,
    status,
    code: storageCode,
    ...(retryAfterSeconds ? { retryAfterSeconds } : {}),
  });
}
