import type { TokenCredential } from "@azure/identity";
import { type Clock, installClock, movableClock } from "../../local/clock.ts";
import { createCertificate, trustCertificate } from "../../local/cloud/certificate.ts";
import type { Wire } from "../../local/cloud/exchange.ts";
import { serve } from "../../local/cloud/serve.ts";
import { createStorageQueue } from "../../local/cloud/storage-queue/create-storage-queue.ts";
import type { HostQueues } from "../../local/host/queue-listener.ts";
import { azurite, tokenForAzurite } from "./azurite.ts";

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
  const { url, close } = await azurite("queue", certificate);
  return {
    url,
    credential: await tokens(clock),
    clock,
    async close() {
      await close();
      restore();
    },
  };
}

async function tokens(clock: Clock): Promise<TokenCredential> {
  const token = await tokenForAzurite(clock.now());
  return { getToken: async () => ({ token, expiresOnTimestamp: Number.MAX_SAFE_INTEGER }) };
}
