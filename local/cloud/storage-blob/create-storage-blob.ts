import { createHash } from "node:crypto";
import { type Context, Hono } from "hono";
import { HTTPException } from "hono/http-exception";
import { type Authenticated, type GateOptions, gate } from "../storage-queue/gate.ts";
import { refusal } from "../storage-queue/refusal.ts";

/** What an identity may do with blobs, by its role. */
export type BlobRole = "Storage Blob Data Reader" | "Storage Blob Data Owner";

/** Blob storage of one account: as much of its API as small block blobs need, and what its owner could do without a token. */
export interface StorageBlob {
  /** Give it to `serve`. */
  app: Hono<Authenticated>;
  grant(objectId: string, role: BlobRole): void;
  revoke(objectId: string): void;
  /** Uploads a blob, or another one in its place, and makes its container; answers its path. */
  put(path: string, text: string): string;
  /** Texts by path. */
  blobs(): Record<string, string>;
}

interface Account {
  blobs: Map<string, string>;
  containers: Set<string>;
  roles: Map<string, BlobRole>;
}

/**
 * Get Blob, Put Blob of block blobs, and Create Container, with a token of Entra and conditional headers (Microsoft Learn:
 * "Blob service REST API"). Everything else is not modelled.
 */
export function createStorageBlob(options: GateOptions): StorageBlob {
  const account: Account = { blobs: new Map(), containers: new Set(), roles: new Map() };
  const { blobs, containers, roles } = account;
  const app = new Hono<Authenticated>({ strict: false });
  app.use("*", gate(options));
  app.use("*", async (c, next) => {
    if (OTHER_CONDITIONS.some((name) => c.req.header(name) !== undefined)) throw refusal("NotModelled");
    await next();
  });
  app.get("/:container/:blob{.+}", (c) => {
    if (Object.keys(c.req.query()).some((name) => name !== "timeout")) throw refusal("NotModelled");
    if (!roles.has(c.get("objectId"))) throw refusal("AuthorizationPermissionMismatch");
    requireContainer(account, c);
    const text = blobs.get(c.req.path);
    if (text === undefined) throw refusal("BlobNotFound");
    const etag = etagOf(text);
    const match = c.req.header("if-match");
    if (match !== undefined && match !== "*" && match !== etag) throw refusal("ConditionNotMet");
    if (c.req.header("if-none-match") === etag) return c.body(null, 304, { etag });
    return shown(c, Buffer.from(text), etag);
  });
  app.put("/:container", (c) => {
    if (c.req.query("restype") !== "container") throw refusal("NotModelled");
    requireOwner(account, c);
    const name = c.req.param("container");
    if (!/^(?=.{3,63}$)[a-z0-9]+(-[a-z0-9]+)*$/.test(name)) throw refusal("InvalidResourceName");
    if (containers.has(name)) throw refusal("ContainerAlreadyExists");
    containers.add(name);
    return c.body(null, 201);
  });
  app.put("/:container/:blob{.+}", async (c) => {
    if (c.req.query("comp")) throw refusal("NotModelled");
    requireOwner(account, c);
    const type = c.req.header("x-ms-blob-type");
    if (type === "AppendBlob" || type === "PageBlob") throw refusal("NotModelled");
    if (type !== "BlockBlob") throw refusal("MissingRequiredHeader");
    const text = await c.req.text();
    requireContainer(account, c);
    requireConditions(c, blobs.get(c.req.path));
    blobs.set(c.req.path, text);
    return c.body(null, 201, { etag: etagOf(text) });
  });
  app.notFound(() => refusal("NotModelled").getResponse());
  app.onError((error) => {
    if (error instanceof HTTPException) return error.getResponse();
    throw error;
  });
  return {
    app,
    grant: (objectId, role) => void roles.set(objectId, role),
    revoke: (objectId) => void roles.delete(objectId),
    put(path, text) {
      containers.add(path.split("/")[1] ?? "");
      blobs.set(path, text);
      return path;
    },
    blobs: () => Object.fromEntries(blobs),
  };
}

type Asked = Context<Authenticated>;

function requireOwner({ roles }: Account, c: Asked): void {
  if (roles.get(c.get("objectId")) !== "Storage Blob Data Owner") throw refusal("AuthorizationPermissionMismatch");
}

function requireContainer({ containers }: Account, c: Asked): void {
  if (!containers.has(c.req.param("container") ?? "")) throw refusal("ContainerNotFound");
}

/** Microsoft Learn: "Specifying the range header for Blob service operations"; without one, or another unit, all of it. */
function shown(c: Asked, bytes: Buffer<ArrayBuffer>, etag: string): Response {
  const range = c.req.header("x-ms-range") ?? c.req.header("range") ?? "";
  const [, from, to] = /^bytes=(\d+)-(\d*)$/.exec(range) ?? [];
  const first = Number(from ?? 0);
  if (from !== undefined && first >= bytes.length) throw refusal("InvalidRange");
  const last = Math.min(to ? Number(to) : bytes.length - 1, bytes.length - 1);
  const piece = bytes.subarray(first, last + 1);
  return c.body(new Uint8Array(piece), from === undefined ? 200 : 206, {
    etag,
    "content-type": "application/octet-stream",
    "content-length": String(piece.length),
    "accept-ranges": "bytes",
    "x-ms-blob-type": "BlockBlob",
    ...(from === undefined ? {} : { "content-range": `bytes ${first}-${last}/${bytes.length}` }),
  });
}

/** What may be demanded of a blob beside its state. */
const OTHER_CONDITIONS = ["if-modified-since", "if-unmodified-since", "x-ms-lease-id", "x-ms-if-tags"];

/** Microsoft Learn: "Specifying conditional headers for Blob service operations". */
function requireConditions(c: Asked, text: string | undefined): void {
  const [match, noneMatch] = [c.req.header("if-match"), c.req.header("if-none-match")];
  if (noneMatch === "*" && text !== undefined) throw refusal("BlobAlreadyExists");
  if (text !== undefined && noneMatch === etagOf(text)) throw refusal("ConditionNotMet");
  if (match !== undefined && (text === undefined || (match !== "*" && match !== etagOf(text)))) {
    throw refusal("ConditionNotMet");
  }
}

function etagOf(text: string): string {
  return `"0x${createHash("sha256").update(text).digest("hex").slice(0, 15).toUpperCase()}"`;
}
