import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TokenCredential } from "@azure/identity";
import { SignJWT } from "jose";
import { type Clock, installClock, movableClock } from "../../local/clock.ts";
import { createCertificate, trustCertificate } from "../../local/cloud/certificate.ts";
import type { Wire } from "../../local/cloud/exchange.ts";
import { serve } from "../../local/cloud/serve.ts";
import { createStorageQueue } from "../../local/cloud/storage-queue/create-storage-queue.ts";
import type { HostQueues } from "../../local/host/queue-listener.ts";

const START = new Date("2026-03-01T09:00:00Z");
const certificate = await createCertificate();
trustCertificate(certificate);

/** Queue storage of one account, whose time is moved by the clock. */
export interface QueueAccount {
  /** For `QueueServiceClient`. */
  url: string;
  credential: TokenCredential;
  clock: Clock;
  /** Where it tells of its messages; Azurite does not. */
  onMessage?: HostQueues["onMessage"];
  close(): Promise<void>;
}

/** Our own, with a caller who may do everything. */
export async function startStandIn(): Promise<QueueAccount> {
  const clock = movableClock(START);
  const wire: Wire = { faults: [], onExchange: [] };
  let url = "";
  const storage = createStorageQueue({
    clock,
    url: () => url,
    authorityUrl: () => "https://login.localhost/tenant",
    verify: async () => ({ objectId: "caller" }),
  });
  storage.grant("caller", "Storage Queue Data Contributor");
  const served = await serve(storage.app, {
    service: "storage-queue",
    host: "openmetadata.queue.localhost",
    certificate,
    wire,
  });
  url = served.url;
  return { url, credential: await tokens(clock), clock, onMessage: storage.onMessage, close: served.close };
}

/** Microsoft's emulator, in this process, so that its time is the clock's too. */
export async function startAzurite(): Promise<QueueAccount> {
  const clock = movableClock(START);
  const restore = installClock(clock, { virtualWaits: false });
  const folder = await mkdtemp(join(tmpdir(), "openmetadata-entra-azurite-"));
  const [cert, key] = [join(folder, "cert.pem"), join(folder, "key.pem")];
  await Promise.all([writeFile(cert, certificate.cert), writeFile(key, certificate.key)]);
  const server = azurite({ cert, key });
  await server.start();
  const { port } = new URL(server.getHttpServerAddress());
  return {
    url: `https://devstoreaccount1.queue.localhost:${port}`,
    credential: await tokens(clock),
    clock,
    async close() {
      await server.close();
      restore();
      await rm(folder, { recursive: true });
    },
  };
}

interface Server {
  start(): Promise<void>;
  close(): Promise<void>;
  getHttpServerAddress(): string;
}

/** No public API: the constructor takes its options by position. */
function azurite({ cert, key }: { cert: string; key: string }): Server {
  const require = createRequire(import.meta.url);
  const Configuration = require("azurite/dist/src/queue/QueueConfiguration").default;
  const QueueServer = require("azurite/dist/src/queue/QueueServer").default;
  const unset = undefined;
  const [skipApiVersionCheck, isMemoryPersistence] = [true, true];
  return new QueueServer(
    new Configuration(
      "127.0.0.1",
      0,
      ...[unset, unset, unset, [], false, unset, false, unset, false],
      skipApiVersionCheck,
      cert,
      key,
      ...[unset, "basic", false],
      isMemoryPersistence,
    ),
  );
}

/** Azurite looks at issuer, audience and life of a token, not at its signature. */
async function tokens(clock: Clock): Promise<TokenCredential> {
  const now = Math.floor(clock.now().getTime() / 1000);
  const token = await new SignJWT({ aud: "https://storage.azure.com", iss: "https://sts.windows.net/tenant/" })
    .setProtectedHeader({ alg: "HS256" })
    .setIssuedAt(now)
    .setNotBefore(now)
    .setExpirationTime(now + 30 * 24 * 60 * 60)
    .sign(new Uint8Array(32));
  return { getToken: async () => ({ token, expiresOnTimestamp: Number.MAX_SAFE_INTEGER }) };
}
