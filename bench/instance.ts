// One instance of the app in a process of its own, as the platform scales it: started by instances.ts, which tells it
// what to do, and reads what it has used.
import { readFileSync } from "node:fs";
import { QueueServiceClient } from "@azure/storage-queue";
import { eventIn } from "../journey/event-in.ts";
import { installClock, wallClock } from "../local/clock.ts";
import { trustCertificate } from "../local/cloud/certificate.ts";
import { type Host, startHost } from "../local/host/host.ts";
import type { LogEntry } from "../local/host/log.ts";

/** What an instance is told. */
export type Order =
  | { kind: "start"; main: string; root: string; certificate: string; settings: Record<string, string>; ahead: number }
  | { kind: "receive"; queue: string }
  | { kind: "usage" }
  | { kind: "stop" };

/**
 * What an instance tells. Processor time in milliseconds; memory in bytes: the most at a time, and what is left of the
 * heap when everything that is not needed any more was thrown away.
 */
export type Told =
  | { kind: "ready"; url: string }
  | { kind: "ran"; name: string; succeeded: boolean }
  | { kind: "looked"; deployment: string }
  | { kind: "usage"; cpu: number; peak: number; kept: number };

type Listener = (queue: string, on: Date) => void;

const clock = wallClock((error) => {
  throw error;
});
const listeners = new Set<Listener>();
let host: Host | undefined;

const tell = (told: Told): void => void process.send?.(told);

// An instance does not outlive whoever started it.
process.on("disconnect", () => process.exit());

process.on("message", async (order: Order) => {
  switch (order.kind) {
    case "start":
      return tell({ kind: "ready", url: await start(order) });
    case "receive":
      for (const listener of listeners) listener(order.queue, clock.now());
      return undefined;
    case "usage": {
      const { user, system } = process.cpuUsage();
      const peak = process.resourceUsage().maxRSS * 1024;
      globalThis.gc?.();
      return tell({ kind: "usage", cpu: (user + system) / 1000, peak, kept: process.memoryUsage().heapUsed });
    }
    case "stop":
      await host?.stop();
      clock.stop();
      return process.disconnect();
    default:
      return order satisfies never;
  }
});

async function start({ main, root, certificate, settings, ahead }: Extract<Order, { kind: "start" }>): Promise<string> {
  trustCertificate({ cert: readFileSync(certificate, "utf8"), key: "" });
  await clock.advance(ahead);
  installClock(clock, { virtualWaits: false });
  const service = new QueueServiceClient(settings.AzureWebJobsStorage__queueServiceUri ?? "", ownCredential(settings));
  const onMessage = (listener: Listener) => {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  };
  host = await startHost({ main, root, settings, clock, queues: { service, onMessage }, log });
  return host.url;
}

/** The host receives as the app's own identity, as on Azure. */
function ownCredential({ IDENTITY_ENDPOINT = "", IDENTITY_HEADER = "", AZURE_CLIENT_ID = "" }: Record<string, string>) {
  const query = new URLSearchParams({
    "api-version": "2019-08-01",
    resource: "https://storage.azure.com",
    client_id: AZURE_CLIENT_ID,
  });
  return {
    async getToken() {
      const answer = await fetch(`${IDENTITY_ENDPOINT}?${query}`, {
        headers: { "x-identity-header": IDENTITY_HEADER },
      });
      const { access_token: token, expires_on: expiresOn } = (await answer.json()) as Record<string, string>;
      return { token: token ?? "", expiresOnTimestamp: Number(expiresOn) * 1000 };
    },
  };
}

function log(entry: LogEntry): void {
  const [, name, how] = /^Executed 'Functions\.([^']+)' \((\w+),/.exec(entry.message) ?? [];
  if (name) tell({ kind: "ran", name, succeeded: how === "Succeeded" });
  const event = eventIn(entry);
  if (event?.event === "look" && event.deployment) tell({ kind: "looked", deployment: event.deployment });
}
