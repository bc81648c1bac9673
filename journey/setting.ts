import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { QueueServiceClient } from "@azure/storage-queue";
import { type Clock, installClock, movableClock } from "../local/clock.ts";
import { type Cloud, type CloudOptions, startCloud } from "../local/cloud/cloud.ts";
import { type Host, startHost } from "../local/host/host.ts";
import type { LogEntry } from "../local/host/log.ts";
import type { HostQueues } from "../local/host/queue-listener.ts";
import { bundle } from "../scripts/build.ts";
import { SETTING_NAMES } from "../shared/deployment/settings.ts";
import { callApp } from "./call-app.ts";

export interface SettingOptions extends Omit<CloudOptions, "clock"> {
  start: Date;
  /** App settings beside or instead of those that the cloud gives. */
  settings?: Record<string, string>;
  /** A bundle that exists already; without one the sources are bundled first. */
  main?: string;
  /** The folder with host.json; default that of the sources. */
  folder?: string;
  /** Called with each line of the log. */
  onLog?: (entry: LogEntry) => void;
}

/** The app in its host amid the local cloud, with the clock in our hands. */
export interface Setting {
  clock: Clock;
  cloud: Cloud;
  host: Host;
  log: LogEntry[];
  keys: { master: string; function: string; eventGrid: string };
  /** Calls the app with a token that may do everything. */
  call(method: "GET" | "POST", path: string, body?: unknown): ReturnType<typeof callApp>;
  /** Ends the app and starts it anew, as a deployment or a crash does; events find it at its new address. */
  restart(settings?: Record<string, string>): Promise<void>;
  close(): Promise<void>;
}

/** Fixed, because they guard a host that listens on loopback only. */
export const KEYS = { master: "local-master-key", function: "local-function-key", eventGrid: "local-event-grid-key" };
/** The folder with the sources, and their host.json. */
export const root = fileURLToPath(new URL("..", import.meta.url));

/** What an operator's shell has set, for the commands of operator/ perhaps, would lead the app out of the local cloud. */
export const UNSET: Record<string, string> = Object.fromEntries(SETTING_NAMES.map((name) => [name, ""]));

/** Sets everything up: clock, cloud, bundle, host, and the subscriptions to the vault's events. */
export async function openSetting(given: SettingOptions): Promise<Setting> {
  const { start, settings = {}, main, folder = root, onLog, ...options } = given;
  const clock = movableClock(start);
  const uninstall = installClock(clock, { virtualWaits: true });
  const cloud = await startCloud({ ...options, clock });
  const built = main ? undefined : await mkdtemp(join(tmpdir(), "openmetadata-entra-"));
  const entry = main ?? join(built ?? "", "main.cjs");
  if (built) await bundle(entry);
  const log: LogEntry[] = [];
  const launch = (chosen: Record<string, string>): Promise<Host> =>
    startHost({
      main: entry,
      root: folder,
      settings: { ...UNSET, ...cloud.settings, ...chosen },
      clock,
      keys: KEYS,
      queues: queuesOf(cloud),
      log(entry) {
        log.push(entry);
        onLog?.(entry);
      },
    });
  const setting: Setting = {
    clock,
    cloud,
    host: await launch(settings),
    log,
    keys: KEYS,
    async call(method, path, body) {
      const token = await cloud.callerToken(["Automation.Run"]);
      const sent = method === "POST" ? { body: body ?? {} } : {};
      return callApp(setting.host.url, token, { method, path, ...sent });
    },
    async restart(changed = settings) {
      await setting.host.stop();
      await cloud.hangUp();
      setting.host = await launch(changed);
      await subscribe(setting);
    },
    async close() {
      await setting.host.stop();
      await cloud.close();
      clock.stop();
      uninstall();
      if (built) await rm(built, { recursive: true });
    },
  };
  await subscribe(setting);
  return setting;
}

/** The host receives as the app's own identity, as on Azure; the stand-in tells it when, since the clock jumps. */
export function queuesOf({ urls, storageQueue, entra, app }: Cloud): HostQueues {
  const credential = {
    async getToken() {
      const token = await entra.issueToken({ aud: "https://storage.azure.com", oid: app.objectId, sub: app.objectId });
      return { token, expiresOnTimestamp: Date.now() + 60 * 60 * 1000 };
    },
  };
  return { service: new QueueServiceClient(urls.queue, credential), onMessage: storageQueue.onMessage };
}

/** One subscription in each schema, so that both are in use. */
export async function subscribe({ cloud, host, keys }: Pick<Setting, "cloud" | "host" | "keys">): Promise<void> {
  const endpoint = (name: string): string =>
    `${host.url}/runtime/webhooks/EventGrid?functionName=${name}&code=${keys.eventGrid}`;
  await cloud.eventGrid.subscribe({
    name: "push-client-secret",
    endpoint: endpoint("push-client-secret"),
    eventTypes: ["Microsoft.KeyVault.SecretNewVersionCreated"],
    subjectBeginsWith: "openmetadata-",
    schema: "EventGridSchema",
  });
  await cloud.eventGrid.subscribe({
    name: "rotate-on-near-expiry",
    endpoint: endpoint("rotate-on-near-expiry"),
    eventTypes: ["Microsoft.KeyVault.SecretNearExpiry", "Microsoft.KeyVault.SecretExpired"],
    subjectBeginsWith: "openmetadata-",
    schema: "CloudEventSchemaV1_0",
  });
}
