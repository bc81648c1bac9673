import { createHash } from "node:crypto";
import { Hono } from "hono";
import { HTTPException } from "hono/http-exception";
import { type Authenticated, type GateOptions, gate } from "../storage-queue/gate.ts";
import { refusal } from "../storage-queue/refusal.ts";

/** Blob storage of one account: as much of its API as reads a block blob, and what its owner could do without a token. */
export interface StorageBlob {
  /** Give it to `serve`. */
  app: Hono<Authenticated>;
  /** Lets an identity read, as "Storage Blob Data Reader" and every larger role does. */
  grant(objectId: string): void;
  revoke(objectId: string): void;
  /** Uploads a blob, or another one in its place; answers its path. */
  put(path: string, text: string): string;
}

/** Get Blob with a token of Entra, and with `If-None-Match` (Microsoft Learn: "Get Blob"). Everything else is not modelled. */
export function createStorageBlob(options: GateOptions): StorageBlob {
  const blobs = new Map<string, string>();
  const readers = new Set<string>();
  const app = new Hono<Authenticated>({ strict: false });
  app.use("*", gate(options));
  app.get("/:container/:blob{.+}", (c) => {
    if (!readers.has(c.get("objectId"))) throw refusal("AuthorizationPermissionMismatch");
    const text = blobs.get(c.req.path);
    if (text === undefined) throw refusal("BlobNotFound");
    const etag = `"0x${createHash("sha256").update(text).digest("hex").slice(0, 15).toUpperCase()}"`;
    if (c.req.header("if-none-match") === etag) return c.body(null, 304, { etag });
    return c.body(text, 200, { etag, "content-type": "application/octet-stream", "x-ms-blob-type": "BlockBlob" });
  });
  app.notFound(() => refusal("NotModelled").getResponse());
  app.onError((error) => {
    if (error instanceof HTTPException) return error.getResponse();
    throw error;
  });
  return {
    app,
    grant: (objectId) => void readers.add(objectId),
    revoke: (objectId) => void readers.delete(objectId),
    put(path, text) {
      blobs.set(path, text);
      return path;
    },
  };
}
