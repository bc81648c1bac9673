import { UpstreamError } from "../../errors.ts";
import { request } from "../http.ts";

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
  const { status, retryAfterSeconds = 0 } = answer;
  const message = `Cannot read the list of deployments: Storage answered ${status} for ${url}`;
  throw new UpstreamError(message, { service: "Storage", status, retryAfterSeconds });
}
